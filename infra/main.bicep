// Everything that Mailbox Watch needs in Azure, in a resource group of its own.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Names the environment; azd asks for it.')
param environmentName string

@description('Region of all resources; Flex Consumption has to be offered there.')
param location string

@description('Who is told when Mailbox Watch itself is down; empty: nobody.')
param alertEmail string = ''

@description('Object ID of the person who may put secrets into the vault; azd passes the one who deploys.')
param secretsOfficerId string = ''

@description('Client ID of an app registration through which people sign in to the pages; empty: a function key lets them in.')
param signInClientId string = ''

@description('Lets all connections leave from one address, through a NAT gateway (about 35 USD a month).')
param fixedEgressAddress bool = false

@description('NCRONTAB, UTC: when mailboxes are checked.')
param checkMailboxesSchedule string = '0 */5 * * * *'

@description('NCRONTAB, UTC: when applications and their credentials are checked.')
param checkApplicationsSchedule string = '0 7 * * * *'

@description('NCRONTAB, UTC: when Mailbox Watch looks at itself.')
param checkMonitorSchedule string = '0 17 * * * *'

var tags = { 'azd-env-name': environmentName }
var suffix = toLower(uniqueString(subscription().id, environmentName, location))

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-mailbox-watch-${environmentName}'
  location: location
  tags: tags
}

module foundation 'foundation.bicep' = {
  scope: group
  name: 'foundation'
  params: {
    location: location
    tags: tags
    suffix: suffix
    secretsOfficerId: secretsOfficerId
  }
}

module network 'network.bicep' = if (fixedEgressAddress) {
  scope: group
  name: 'network'
  params: {
    location: location
    tags: tags
    suffix: suffix
  }
}

module app 'app.bicep' = {
  scope: group
  name: 'app'
  params: {
    location: location
    tags: tags
    suffix: suffix
    identityName: foundation.outputs.identityName
    storageName: foundation.outputs.storageName
    applicationInsightsName: foundation.outputs.applicationInsightsName
    subnetId: fixedEgressAddress ? network.outputs.subnetId : ''
    checkMailboxesSchedule: checkMailboxesSchedule
    checkApplicationsSchedule: checkApplicationsSchedule
    checkMonitorSchedule: checkMonitorSchedule
    signInClientId: signInClientId
  }
}

module watch 'watch.bicep' = {
  scope: group
  name: 'watch'
  params: {
    location: location
    tags: tags
    suffix: suffix
    applicationInsightsName: foundation.outputs.applicationInsightsName
    readyUrl: '${app.outputs.url}/api/health/ready'
    alertEmail: alertEmail
  }
}

output AZURE_FUNCTION_NAME string = app.outputs.name
output MAILBOX_WATCH_URL string = app.outputs.url
@description('Object ID of the identity that the set-up script grants permissions to.')
output MAILBOX_WATCH_IDENTITY_OBJECT_ID string = foundation.outputs.identityPrincipalId
@description('For monitor.clientId in mailbox-watch.yaml.')
output MAILBOX_WATCH_IDENTITY_CLIENT_ID string = foundation.outputs.identityClientId
@description('For references such as kv:VAULT/NAME in mailbox-watch.yaml.')
output MAILBOX_WATCH_VAULT string = foundation.outputs.vaultName
