/* version.h - the one place that says which version this is. The Makefile reads it from here. */
#ifndef CHAINGATE_VERSION_H
#define CHAINGATE_VERSION_H

#define CHAINGATE_VERSION "0.1.0"

#endif
