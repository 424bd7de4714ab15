import { execFileSync } from 'node:child_process';
import { metricsText, METRICS_FORMATS } from '../../shared/formats/metrics';
import { describeWith } from '../support/debian';
import { OPENS, REFUSED, reportOf, watched } from '../support/reports';

/** Of the Debian package prometheus. */
const PROMTOOL = '/usr/bin/promtool';
const report = reportOf([watched({ 'support@contoso.com': OPENS, 'hr@contoso.com': REFUSED }, { id: 'jsm' })]);

/** promtool's complaints, empty when there are none; it ends with an error when it has any. */
function complaints(text: string): string {
  try {
    execFileSync(PROMTOOL, ['check', 'metrics'], { input: text, stdio: ['pipe', 'pipe', 'pipe'] });
    return '';
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
}

describeWith(PROMTOOL, 'prometheus', 'promtool', () => {
  it('has no complaint, with hostile labels', async () => {
    expect(complaints(await metricsText(report, 'prometheus'))).toBe('');
    const hostile = reportOf([watched({ 'a"b\\c\nd}{@contoso.com': REFUSED }, { id: 'x' })]);
    expect(complaints(await metricsText(hostile, 'prometheus'))).toBe('');
  });

  it('complains where something is wrong', () => {
    expect(complaints('mailbox_watch_bad{a="b} 1\n')).toContain('error');
  });
});

it('says what is known of each check, one state being 1', async () => {
  const lines = (await metricsText(report, 'prometheus')).split('\n');
  const of = 'integration="jsm",kind="mailbox",subject="hr@contoso.com",check="mailbox-opens"';
  const state = (name: string) =>
    lines
      .find((line) => line.includes(`{${of},state="${name}"}`))
      ?.split(' ')
      .at(-1);
  expect(['critical', 'warning', 'unclear', 'info', 'healthy'].map(state)).toEqual(['1', '0', '0', '0', '0']);
  expect(lines).toContain(
    `mailbox_watch_check_cause_info{${of},cause="mailbox-refused",severity="critical",confidence="inferred"} 1`,
  );
});

it('gives moments as seconds since 1970, so that the reader computes what is left', async () => {
  const text = await metricsText(report, 'prometheus');
  const valueOf = (name: string) => Number(new RegExp(`^mailbox_watch_${name}\\{.*\\} (\\S+)$`, 'm').exec(text)?.[1]);
  expect(valueOf('last_look_timestamp_seconds')).toBe(Date.parse('2026-11-25T11:59:00Z') / 1000);
  expect(valueOf('credential_not_after_timestamp_seconds')).toBe(Date.parse('2027-06-13T12:00:00Z') / 1000);
});

it('ends as OpenMetrics must', async () => {
  expect((await metricsText(report, 'openmetrics')).trimEnd().endsWith('# EOF')).toBe(true);
  expect(METRICS_FORMATS.openmetrics).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
  expect(METRICS_FORMATS.prometheus).toBe('text/plain; version=0.0.4; charset=utf-8');
});
