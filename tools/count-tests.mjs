// What a report says, whoever wrote it: xunit (CTRF), vitest or Playwright (JSON).
//
//   count-tests.mjs REPORT             prints `passed failed`
//   count-tests.mjs --failed REPORT    prints what failed, with the first lines of why
//   count-tests.mjs --methods REPORT   prints the failed methods of an xunit report, one a line
//   count-tests.mjs --mend REPORT      writes into an xunit report that they passed: at the second try
import { readFileSync, writeFileSync } from "node:fs";

const LINES = 12;

const [option, file] = process.argv[2].startsWith("--") ? process.argv.slice(2) : ["", process.argv[2]];
const report = JSON.parse(readFileSync(file, "utf8"));
const failed = (report.results?.tests ?? []).filter((test) => test.status === "failed");

const plain = (text) => String(text ?? "").replace(/\u001b\[[0-9;]*m/g, "");
const firstLines = (text) => plain(text).split("\n").slice(0, LINES).map((line) => `    ${line.slice(0, 300)}`);

if (option === "--failed") {
  for (const { name, message } of whatFailed()) console.log([`  ${name}`, ...firstLines(message)].join("\n"));
} else if (option === "--methods") {
  for (const name of new Set(failed.map((test) => `${test.extra.type}.${test.extra.method}`))) console.log(name);
} else if (option === "--mend") {
  for (const test of failed) Object.assign(test, { status: "passed", flaky: true });
  report.results.summary.passed += failed.length;
  report.results.summary.failed = 0;
  writeFileSync(file, JSON.stringify(report));
} else {
  console.log(...counts());
}

function counts() {
  if (report.results?.summary) return [report.results.summary.passed, report.results.summary.failed];
  if (report.stats) {
    // Playwright: flaky ones passed at the second try. What went wrong outside a test is an error of the run.
    const { expected, flaky, unexpected } = report.stats;
    return [expected + flaky, unexpected + (report.errors?.length ?? 0)];
  }
  // vitest: a file that could not be loaded has no tests of its own, but has failed.
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  return [report.numPassedTests, report.numFailedTests + unloaded.length];
}

function whatFailed() {
  if (report.results) return failed.map((test) => ({ name: test.name, message: `${test.message}\n${test.trace ?? ""}` }));
  if (report.stats) return [...report.suites.flatMap(unexpected), ...(report.errors ?? []).map((error) => ({ name: "(outside a test)", ...error }))];
  return report.testResults.flatMap((file) =>
    file.assertionResults
      .filter((test) => test.status === "failed")
      .map((test) => ({ name: test.fullName, message: test.failureMessages.join("\n") })),
  );
}

function unexpected(suite) {
  const here = (suite.specs ?? [])
    .filter((spec) => !spec.ok)
    .map((spec) => ({ name: `${spec.file}: ${spec.title}`, message: spec.tests[0]?.results.at(-1)?.error?.message }));
  return [...here, ...(suite.suites ?? []).flatMap(unexpected)];
}
