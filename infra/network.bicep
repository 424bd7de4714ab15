// One address for all connections that leave: for firewalls that let only known addresses in.
param location string
param tags object
param suffix string

resource address 'Microsoft.Network/publicIPAddresses@2024-01-01' = {
  name: 'pip-mailbox-watch-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource gateway 'Microsoft.Network/natGateways@2024-01-01' = {
  name: 'ng-mailbox-watch-${suffix}'
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: { publicIpAddresses: [{ id: address.id }] }
}

resource network 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: 'vnet-mailbox-watch-${suffix}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: ['10.90.0.0/24'] }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.90.0.0/26'
          natGateway: { id: gateway.id }
          // Flex Consumption runs on Container Apps.
          delegations: [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
    ]
  }
}

output subnetId string = network.properties.subnets[0].id
output egressAddress string = address.properties.ipAddress
