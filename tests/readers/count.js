#!/usr/bin/env node
// count.js - reads JUnit reports with three readers from npm, and prints "READER FILE TESTS FAILURES ERRORS SKIPPED" for each.
//
//   node count.js NODE_MODULES FILE…
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const [modules, ...files] = process.argv.slice(2);
const load = require('node:module').createRequire(path.resolve(modules, 'here.js'));

const count = (cases, status) => cases.filter((c) => c.status === status).length;

const readers = {
	async junit2json(file) {
		const { parse } = await import(pathToFileURL(load.resolve('junit2json')));
		const { testsuite } = await parse(fs.readFileSync(file, 'utf8'));
		return ['tests', 'failures', 'errors', 'skipped'].map((what) => testsuite.reduce((sum, suite) => sum + (suite[what] ?? NaN), 0));
	},
	// Its total doesn't include skipped tests.
	async 'test-results-parser'(file) {
		const { total, failed, errors, skipped } = load('test-results-parser').parse({ type: 'junit', files: [file] });
		return [total + skipped, failed, errors, skipped];
	},
	async 'xunit-viewer'(file) {
		const { default: parse } = await import(pathToFileURL(load.resolve('xunit-viewer/src/cli/parse.js')));
		const { suites } = await parse(fs.readFileSync(file, 'utf8'));
		const cases = Object.values(suites).flatMap((suite) => Object.values(suite.tests));
		return [cases.length, count(cases, 'failure'), count(cases, 'error'), count(cases, 'skipped')];
	},
};

(async () => {
	for (const [name, read] of Object.entries(readers))
		for (const file of files)
			console.log([name, file, ...(await read(file))].join(' '));
})().catch((error) => {
	console.error(error);
	process.exit(1);
});
