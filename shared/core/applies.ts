import type {
  Cloud,
  CredentialKind,
  Flow,
  Integration,
  OptionalEvidence,
  Product,
  Protocol,
  Provider,
} from './subject';

/** Limits a check or a step of a remedy to some integrations; what is not named is not limited. */
export interface Only {
  readonly product?: readonly Product[];
  readonly flow?: readonly Flow[];
  readonly protocol?: readonly Protocol[];
  readonly provider?: readonly Provider[];
  readonly cloud?: readonly Cloud[];
  readonly credential?: readonly CredentialKind[];
  /** Any of them has to be asked for. */
  readonly optionalEvidence?: readonly OptionalEvidence[];
}

/** Whether it is for this integration: several limits are alternatives. Never throws. */
export function applies(only: Only | readonly Only[] | undefined, integration: Integration): boolean {
  if (only === undefined) return true;
  return [only].flat().some((limit) => fits(limit, integration));
}

function fits(
  { product, flow, protocol, provider, cloud, credential, optionalEvidence }: Only,
  integration: Integration,
): boolean {
  return (
    (product?.includes(integration.product) ?? true) &&
    (flow?.includes(integration.flow) ?? true) &&
    (protocol?.includes(integration.protocol) ?? true) &&
    (provider?.includes(integration.provider) ?? true) &&
    (cloud?.includes(integration.cloud) ?? true) &&
    (credential?.includes(integration.credential.kind) ?? true) &&
    (optionalEvidence?.some((one) => integration.optionalEvidence.includes(one)) ?? true)
  );
}
