/* digest.h - SHA-256, for reports that other programs compare. Private to src/report. */
#ifndef CHAINGATE_REPORT_DIGEST_H
#define CHAINGATE_REPORT_DIGEST_H

#include "chaingate/text.h"

#include "chaingate/report.h"

#define DIGEST_LETTERS REPORT_DIGEST_LETTERS

/* 64 hexadecimal digits and a NUL. */
void digest_make(struct text, char out[DIGEST_LETTERS + 1]);

#endif
