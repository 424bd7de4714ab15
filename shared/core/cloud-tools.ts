import type { Shell } from './check';
import type { Cloud } from './subject';

/** What the tools and portals of one of Microsoft's clouds are called. Addresses have no slash at the end. */
export interface CloudTools {
  /** `Connect-MgGraph -Environment` */
  readonly graphEnvironment: string;
  /** `Connect-ExchangeOnline -ExchangeEnvironmentName` */
  readonly exchangeEnvironment: string;
  /** `az cloud set --name` */
  readonly azureCloud: string;
  readonly azurePortal: string;
  readonly entraAdminCenter: string;
  /** Of Microsoft 365. */
  readonly adminCenter: string;
}

/**
 * Names as documented; none was tried against a live tenant.
 * - graphEnvironment: https://learn.microsoft.com/powershell/microsoftgraph/authentication-commands
 * - exchangeEnvironment: https://learn.microsoft.com/powershell/exchange/connect-to-exchange-online-powershell
 * - azureCloud: https://learn.microsoft.com/cli/azure/manage-clouds-azure-cli
 * - azurePortal, entraAdminCenter: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud
 * - adminCenter: https://learn.microsoft.com/microsoft-365/admin/admin-overview/admin-center-overview
 */
export const CLOUD_TOOLS: Readonly<Record<Cloud, CloudTools>> = {
  worldwide: {
    graphEnvironment: 'Global',
    exchangeEnvironment: 'O365Default',
    azureCloud: 'AzureCloud',
    azurePortal: 'https://portal.azure.com',
    entraAdminCenter: 'https://entra.microsoft.com',
    adminCenter: 'https://admin.microsoft.com',
  },
  'us-gov-high': {
    graphEnvironment: 'USGov',
    exchangeEnvironment: 'O365USGovGCCHigh',
    azureCloud: 'AzureUSGovernment',
    azurePortal: 'https://portal.azure.us',
    entraAdminCenter: 'https://entra.microsoft.us',
    adminCenter: 'https://portal.office365.us/adminportal',
  },
  'us-gov-dod': {
    graphEnvironment: 'USGovDoD',
    exchangeEnvironment: 'O365USGovDoD',
    azureCloud: 'AzureUSGovernment',
    azurePortal: 'https://portal.azure.us',
    entraAdminCenter: 'https://entra.microsoft.us',
    adminCenter: 'https://portal.apps.mil/adminportal',
  },
  china: {
    graphEnvironment: 'China',
    exchangeEnvironment: 'O365China',
    azureCloud: 'AzureChinaCloud',
    azurePortal: 'https://portal.azure.cn',
    entraAdminCenter: 'https://entra.microsoftonline.cn',
    adminCenter: 'https://portal.partner.microsoftonline.cn',
  },
};

export interface SignInCommand {
  readonly shell: Shell;
  /** With placeholders of a remedy. */
  readonly command: string;
}

const EXCHANGE_SIGN_IN = 'Connect-ExchangeOnline -ExchangeEnvironmentName {exchangeEnvironment}';
const AZURE_SIGN_IN = 'az login --tenant {tenant} --allow-no-subscriptions';
/** The Azure CLI knows one Graph for all US government clouds; that of DoD has an address of its own. */
const AZURE_GRAPH_OF_DOD =
  'az cloud update --name {azureCloud} --endpoint-microsoft-graph-resource-id {graphEndpoint} && ';

/** How an administrator signs in, once, before a command can run: by what the command calls. `Connect-MgGraph` stands in each remedy, for its scopes. */
export function signInsFor(command: string, shell: Shell, cloud: Cloud): SignInCommand[] {
  const signIns: SignInCommand[] = [];
  if (shell === 'az' || /\baz ad /.test(command)) {
    const choose = `az cloud set --name {azureCloud} && ${cloud === 'us-gov-dod' ? AZURE_GRAPH_OF_DOD : ''}`;
    signIns.push({ shell: 'az', command: `${cloud === 'worldwide' ? '' : choose}${AZURE_SIGN_IN}` });
  }
  if (shell === 'exchange-powershell') {
    signIns.push({
      shell,
      command: cloud === 'worldwide' ? 'Connect-ExchangeOnline' : EXCHANGE_SIGN_IN,
    });
  }
  return signIns;
}
