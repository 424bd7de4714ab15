import { parse as parseDuration, toSeconds } from 'iso8601-duration';
import type { AppManagementPolicy, TenantAppManagementPolicy } from '@microsoft/microsoft-graph-types';
import * as z from 'zod';
import type { CredentialPolicy } from '../../core/evidence';
import { blind, seen, type Reading } from '../../core/reading';
import type { Ask } from './batch';
import { askAll } from './collection';
import type { Graph } from './graph';
import { parse } from './question';
import type { Shape } from './shape';

/** https://learn.microsoft.com/graph/api/resources/passwordcredentialconfiguration */
const Restriction = z.object({
  restrictionType: z.string().nullish(),
  state: z.string().nullish(),
  /** Such as `P90D`. */
  maxLifetime: z.iso.duration().nullish(),
  restrictForAppsCreatedAfterDateTime: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .nullish(),
});
const Restrictions = z.object({
  passwordCredentials: z.array(Restriction).nullish(),
  keyCredentials: z.array(Restriction).nullish(),
});
type Restriction = z.output<typeof Restriction>;
type Restrictions = z.output<typeof Restrictions>;

const TenantPolicy = z.object({
  isEnabled: z.boolean(),
  applicationRestrictions: Restrictions.nullish(),
} satisfies Shape<TenantAppManagementPolicy>);
const OwnPolicy = z.object({
  isEnabled: z.boolean(),
  restrictions: Restrictions.nullish(),
} satisfies Shape<AppManagementPolicy>);

const PERMISSION = 'Policy.Read.All';

/**
 * Reads what the tenant's app management policy, and the app's own in its place, say of credentials: two questions. The answer is a
 * function of when the app was made (milliseconds since 1970), for some rules are for newer apps only. Never rejects. `url` is that of the application.
 */
export async function readCredentialPolicy(
  ask: Ask,
  graph: Graph,
  url: string,
  name: string,
): Promise<(createdAt: number | undefined) => Reading<CredentialPolicy>> {
  const ofTenant = {
    url: '/policies/defaultAppManagementPolicy',
    what: 'the app management policy of the tenant',
    permission: PERMISSION,
  };
  const ofApp = {
    url: `${url}/appManagementPolicies`,
    what: `the app management policy of ${name}`,
    permission: PERMISSION,
  };
  const [answer, own] = await Promise.all([ask(ofTenant), askAll(ask, graph, ofApp, OwnPolicy)]);
  if (answer.outcome === 'blind') return () => answer;
  if (own.outcome === 'blind') return () => own;
  if (!answer.value.found)
    return () => blind('malformed', 'Microsoft Graph knows no app management policy of the tenant.');
  const tenant = parse(TenantPolicy, answer.value.body, ofTenant);
  if (tenant.outcome === 'blind') return () => tenant;
  const { isEnabled, applicationRestrictions } = tenant.value;
  const general = isEnabled ? (applicationRestrictions ?? {}) : {};
  const [special = {}] = own.value.flatMap((policy) => (policy.isEnabled ? [policy.restrictions ?? {}] : []));
  return (createdAt) => seen(policyIn(effective(general, special), createdAt));
}

/** A rule of the app's own policy stands in place of the tenant's of its type. */
function effective(general: Restrictions, special: Restrictions) {
  const merged = (of: keyof Restrictions) => {
    const own = special[of] ?? [];
    const types = new Set(own.map(({ restrictionType }) => restrictionType));
    return [...own, ...(general[of] ?? []).filter(({ restrictionType }) => !types.has(restrictionType))];
  };
  return { passwords: merged('passwordCredentials'), keys: merged('keyCredentials') };
}

function policyIn({ passwords, keys }: ReturnType<typeof effective>, createdAt: number | undefined): CredentialPolicy {
  const find = (rules: readonly Restriction[], type: string) =>
    rules.find((rule) => rule.restrictionType?.toLowerCase() === type.toLowerCase() && isInForce(rule, createdAt));
  const secretLife = lifeIn(find(passwords, 'passwordLifetime'));
  const certificateLife = lifeIn(find(keys, 'asymmetricKeyLifetime'));
  return {
    secretsForbidden: find(passwords, 'passwordAddition') !== undefined,
    ...(secretLife !== undefined && { longestSecretLife: secretLife }),
    ...(certificateLife !== undefined && { longestCertificateLife: certificateLife }),
  };
}

/** A rule without a state is one of before there were states. When the app was made is not always told: then the rule counts. */
function isInForce({ state, restrictForAppsCreatedAfterDateTime: from }: Restriction, createdAt = Infinity): boolean {
  return state?.toLowerCase() !== 'disabled' && createdAt > (from ?? -Infinity);
}

/** Milliseconds. */
function lifeIn(rule: Restriction | undefined): number | undefined {
  return typeof rule?.maxLifetime === 'string' ? toSeconds(parseDuration(rule.maxLifetime)) * 1000 : undefined;
}
