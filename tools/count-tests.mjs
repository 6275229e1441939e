// Prints `passed failed` from a report, whoever wrote it: xunit (CTRF), vitest or Playwright (JSON).
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
if (report.results?.summary) {
  const { passed, failed } = report.results.summary;
  console.log(passed, failed);
} else if (report.stats) {
  // Playwright: flaky ones passed at the second try. What went wrong outside a test is an error of the run.
  const { expected, flaky, unexpected } = report.stats;
  console.log(expected + flaky, unexpected + (report.errors?.length ?? 0));
} else {
  // vitest: a file that could not be loaded has no tests of its own, but has failed.
  const unloaded = report.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  console.log(report.numPassedTests, report.numFailedTests + unloaded.length);
}
