import { APPLICATION_CHECKS } from '../../shared/checks';
import { appWith, EXAMPLE_NOW, secretEnding } from '../../shared/checks/example-evidence';
import { noticeStep, severityOf, standingOf, timeLeft, timeSince } from '../../shared/core/credential-expiry';
import { diagnoseAll } from '../../shared/core/diagnose';
import type { ConfiguredSecret, PasswordCredential } from '../../shared/core/evidence';
import { blind, seen, type Reading } from '../../shared/core/reading';
import { DAY, HOUR } from '../../shared/core/time';
import { exampleContext } from '../support/contexts';
import { NO_APPLICATION_EVIDENCE } from '../support/no-evidence';

const LADDER = [60, 30, 14, 7, 3, 1, 0];

describe('the notice ladder', () => {
  it.each([
    [61, undefined],
    [60.001, undefined],
    [60, 60],
    [30.5, 60],
    [30, 30],
    [14, 14],
    [7.5, 14],
    [7, 7],
    [3, 3],
    [1.5, 3],
    [1, 1],
    [0.001, 1],
    [0, 0],
    [-400, 0],
  ])('%p days left: step %p', (days, step) => {
    expect(noticeStep(days, LADDER)).toBe(step);
  });

  it.each([
    [45, 'info'],
    [30, 'warning'],
    [3.5, 'warning'],
    [3, 'critical'],
    [0, 'critical'],
  ])('%p days left are %s', (days, severity) => {
    expect(severityOf(days)).toBe(severity);
  });

  it.each([
    [6.99 * DAY, '6 days'],
    [DAY, '1 day'],
    [DAY - 1, '23 hours'],
    [HOUR, '1 hour'],
    [HOUR - 1, 'less than an hour'],
  ])('tells %p ms as %s', (ms, text) => {
    expect(timeLeft(EXAMPLE_NOW + ms, EXAMPLE_NOW)).toBe(text);
  });

  it.each([
    [0, 'today'],
    [DAY, '1 day ago'],
    [3.5 * DAY, '3 days ago'],
  ])('tells an end %p ms ago as %s', (ms, text) => {
    expect(timeSince(EXAMPLE_NOW - ms, EXAMPLE_NOW)).toBe(text);
  });
});

describe('which registered secret is the configured one', () => {
  const old = secretEnding(5, 'Old', '2025');
  const fresh = secretEnding(300, 'New', '2026');
  const beforeHints = { keyId: 'from-2018', endsAt: EXAMPLE_NOW + 20 * DAY };
  const configured = (hint: string): ConfiguredSecret => ({ hint, looksLikeSecretId: false });

  it('is told by its first three characters', () => {
    expect(standingOf([old, fresh], configured('Old'))).toEqual({ deciding: old, orElse: [], newer: fresh });
    expect(standingOf([old, fresh], configured('New'))).toEqual({ deciding: fresh, orElse: [] });
  });
  it('is any of them where the configured one cannot be read', () => {
    expect(standingOf([old, fresh], undefined)).toEqual({ deciding: fresh, orElse: [old] });
  });
  it('may be one from before Graph published hints', () => {
    expect(standingOf([beforeHints, fresh], configured('abc'))).toEqual({
      deciding: beforeHints,
      orElse: [],
      newer: fresh,
    });
  });
  it('is none of them where all have other first characters', () => {
    expect(standingOf([old, fresh], configured('abc'))).toBe('not-among-registered');
    expect(standingOf([], configured('abc'))).toBe('none-registered');
  });
});

/** The verdict on a set of secrets: cause, severity and confidence in one line. */
function judge(
  secrets: readonly PasswordCredential[],
  hint: string | undefined,
  { now = EXAMPLE_NOW, ladder = LADDER } = {},
): string {
  const configuredSecret: Reading<ConfiguredSecret> =
    hint === undefined ? blind('not-configured', 'not set') : seen({ hint, looksLikeSecretId: false });
  const context = exampleContext('application', { expiryNoticeDays: ladder }, now);
  const evidence = { ...NO_APPLICATION_EVIDENCE, configuredSecret, appRegistration: appWith(...secrets) };
  const [diagnosis] = diagnoseAll(APPLICATION_CHECKS, evidence, context).values();
  if (diagnosis?.verdict !== 'diagnosed') return diagnosis?.verdict ?? 'nothing';
  const { id, severity, confidence, noticeStep: step } = diagnosis.cause;
  return [id, severity, confidence, ...(step === undefined ? [] : [`step ${step}`])].join(' ');
}

describe('the verdict on the client secret', () => {
  const S = secretEnding;
  it.each([
    ['far from its end', [S(200, 'Abc', 'a')], 'Abc', 'healthy'],
    ['sixty days before', [S(60, 'Abc', 'a')], 'Abc', 'client-secret-expiring info confirmed step 60'],
    ['a month before', [S(30, 'Abc', 'a')], 'Abc', 'client-secret-expiring warning confirmed step 30'],
    ['three days before', [S(3, 'Abc', 'a')], 'Abc', 'client-secret-expiring critical confirmed step 3'],
    ['at the very end', [S(0, 'Abc', 'a')], 'Abc', 'client-secret-expired critical confirmed'],
    ['a year after the end', [S(-365, 'Abc', 'a')], 'Abc', 'client-secret-expired critical confirmed'],
    ['rotated and cut over: the old one may end', [S(2, 'Old', 'a'), S(300, 'New', 'b')], 'New', 'healthy'],
    [
      'rotated, not cut over',
      [S(10, 'Old', 'a'), S(300, 'New', 'b')],
      'Old',
      'client-secret-rotation-unfinished warning confirmed step 14',
    ],
    [
      'rotated, old one in use and ended',
      [S(-1, 'Old', 'a'), S(300, 'New', 'b')],
      'Old',
      'client-secret-expired critical confirmed',
    ],
    [
      'rotated, in use unknown',
      [S(10, 'Old', 'a'), S(300, 'New', 'b')],
      undefined,
      'client-secret-in-use-unknown info possible',
    ],
    ['two good ones, in use unknown', [S(200, 'Old', 'a'), S(300, 'New', 'b')], undefined, 'healthy'],
    [
      'two near their end, in use unknown',
      [S(5, 'Old', 'a'), S(6, 'New', 'b')],
      undefined,
      'client-secret-expiring warning inferred step 7',
    ],
    [
      'all ended, in use unknown',
      [S(-5, 'Old', 'a'), S(-2, 'New', 'b')],
      undefined,
      'client-secret-expired critical confirmed',
    ],
    [
      'two that begin alike',
      [S(5, 'Abc', 'a'), S(300, 'Abc', 'b')],
      'Abc',
      'client-secret-in-use-unknown info possible',
    ],
    ['not registered', [S(200, 'Abc', 'a')], 'xyz', 'client-secret-wrong critical confirmed'],
    ['none registered', [], 'xyz', 'no-client-secret critical confirmed'],
  ])('%s', (_, secrets, hint, expected) => {
    expect(judge(secrets, hint)).toBe(expected);
  });

  it('turns at the second of its end', () => {
    const secret = [S(0, 'Abc', 'a')];
    expect(judge(secret, 'Abc', { now: EXAMPLE_NOW - 1 })).toBe('client-secret-expiring critical confirmed step 1');
    expect(judge(secret, 'Abc', { now: EXAMPLE_NOW })).toBe('client-secret-expired critical confirmed');
  });

  it('keeps to the ladder of the integration', () => {
    expect(judge([S(20, 'Abc', 'a')], 'Abc', { ladder: [10, 0] })).toBe('healthy');
    expect(judge([S(9, 'Abc', 'a')], 'Abc', { ladder: [10, 0] })).toBe(
      'client-secret-expiring warning confirmed step 10',
    );
  });

  it('is unclear where Graph could not be read', () => {
    const evidence = {
      ...NO_APPLICATION_EVIDENCE,
      configuredSecret: seen({ hint: 'Abc', looksLikeSecretId: false }),
      appRegistration: blind('denied', 'Graph answered 403'),
    };
    const diagnosis = diagnoseAll(APPLICATION_CHECKS, evidence, exampleContext('application')).get('client-secret');
    expect(diagnosis).toEqual({
      verdict: 'unclear',
      missing: [{ evidence: 'appRegistration', reason: 'denied', detail: 'Graph answered 403' }],
    });
  });
});
