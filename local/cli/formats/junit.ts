import reports, { type TestCase } from 'junit-report-builder';
import { allSubjects, type CheckReport, type StatusReport } from '../../../shared/core/report';
import { stepLines, wordsAbout } from './words';

/**
 * The report as JUnit XML: an integration is a suite, a check of a mailbox or an application a case. A warning or worse is a failure,
 * what could not be seen an error, and what waits for another check is skipped.
 */
export function junitText(report: StatusReport): string {
  const builder = reports.newBuilder();
  const suites = Map.groupBy(allSubjects(report), ({ integration }) => integration.id);
  for (const [id, subjects] of suites) {
    const suite = builder.testSuite().name(id).timestamp(report.generatedAt);
    for (const { subject } of subjects) {
      const className = `${id}.${subject.name}`;
      // What was never checked proves nothing.
      if (subject.checks.length === 0)
        suite.testCase().className(className).name('was checked').error(subject.headline);
      for (const check of subject.checks) tell(check, suite.testCase().className(className).name(check.title));
    }
  }
  return builder.build().trimEnd();
}

function tell(check: CheckReport, testCase: TestCase): void {
  const { status, verdict, cause } = check;
  if (verdict === 'blocked') testCase.skipped();
  else if (status === 'critical' || status === 'warning')
    testCase
      .failure(cause?.title ?? check.title, cause?.id)
      .stacktrace(stepLines(check.remediation?.steps ?? []).join('\n'));
  else if (status === 'unclear') testCase.error(wordsAbout(check));
  else if (cause !== undefined) testCase.standardOutput(cause.title);
}
