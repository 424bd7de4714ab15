// Who watches the watcher: Azure asks whether it is ready, from several places, and tells when it is not.
param location string
param tags object
param suffix string
param applicationInsightsName string
param readyUrl string
param alertEmail string

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = { name: applicationInsightsName }

// What the channel of the kind application-insights tells, in one place of the portal.
resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'mailbox-watch')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Mailbox Watch'
    category: 'workbook'
    sourceId: applicationInsights.id
    serializedData: loadTextContent('workbook.json')
    version: 'Notebook/1.0'
  }
}

resource availability 'Microsoft.Insights/webtests@2022-06-15' = {
  name: 'ready-mailbox-watch-${suffix}'
  location: location
  tags: union(tags, { 'hidden-link:${applicationInsights.id}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: 'ready-mailbox-watch-${suffix}'
    Name: 'Mailbox Watch is ready'
    Kind: 'standard'
    Enabled: true
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    Locations: [
      { Id: 'emea-nl-ams-azr' }
      { Id: 'us-va-ash-azr' }
      { Id: 'apac-sg-sin-azr' }
    ]
    Request: { RequestUrl: readyUrl, HttpVerb: 'GET' }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 7 }
  }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (alertEmail != '') {
  name: 'ag-mailbox-watch-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'MailboxWatch'
    enabled: true
    emailReceivers: [{ name: 'people', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

resource down 'Microsoft.Insights/metricAlerts@2018-03-01' = if (alertEmail != '') {
  name: 'down-mailbox-watch-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Mailbox Watch does not answer, or has not checked for two intervals: nobody watches the mailboxes.'
    severity: 1
    enabled: true
    scopes: [availability.id, applicationInsights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: availability.id
      componentId: applicationInsights.id
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: people.id }]
  }
}
