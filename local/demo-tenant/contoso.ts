import type { Blueprint } from './blueprint';

/** Contoso in good order. Its faults are in contoso-faults.ts. */
export const CONTOSO: Blueprint = {
  // A little more than the five minutes before the end at which clients ask for the next token, so that a repair shows at the
  // next run; Microsoft's tokens last 60 to 90 minutes.
  tokenLifetime: 310,
  users: [
    { name: 'svc-jira', displayName: 'Jira service account' },
    { name: 'svc-liveagent', displayName: 'LiveAgent service account' },
    { name: 'anna.admin', displayName: 'Anna Admin' },
  ],
  groups: [{ name: 'helpdesk-agents', displayName: 'Helpdesk agents', members: ['svc-jira'] }],
  connections: [
    {
      id: 'jsm-service-desk',
      name: 'Contoso service desk',
      product: 'jsm',
      app: 'Contoso Jira Service Management',
      // A rotation as it should be: the new secret is in use while the old one still works.
      secretsEndInDays: [300, 20],
      delegate: 'svc-jira',
      mailboxes: ['support', 'it', 'hr', 'facilities', 'legal'],
      authorisedAlone: ['legal'],
      accessThrough: { it: 'Helpdesk agents' },
    },
    {
      id: 'jira-projects',
      name: 'Jira projects',
      product: 'jira',
      app: 'Contoso Jira Projects',
      secretsEndInDays: [280],
      delegate: 'svc-jira',
      mailboxes: ['projects', 'pmo'],
    },
    {
      id: 'jira-marketing',
      name: 'Jira marketing',
      product: 'jira',
      app: 'Contoso Jira Marketing',
      secretsEndInDays: [260],
      delegate: 'svc-jira',
      mailboxes: ['marketing'],
    },
    {
      id: 'liveagent-sales',
      name: 'LiveAgent sales',
      product: 'liveagent',
      app: 'Contoso LiveAgent Sales',
      secretsEndInDays: [240],
      mailboxes: ['sales', 'orders', 'billing', 'returns', 'press'],
    },
    {
      id: 'liveagent-service',
      name: 'LiveAgent customer service',
      product: 'liveagent',
      app: 'Contoso LiveAgent Service',
      secretsEndInDays: [220],
      mailboxes: ['service'],
    },
    {
      id: 'liveagent-events',
      name: 'LiveAgent events',
      product: 'liveagent',
      app: 'Contoso LiveAgent Events',
      secretsEndInDays: [200],
      mailboxes: ['events'],
    },
    {
      id: 'liveagent-academy',
      name: 'LiveAgent academy',
      product: 'liveagent',
      app: 'Contoso LiveAgent Legacy',
      secretsEndInDays: [180],
      delegate: 'svc-liveagent',
      mailboxes: ['academy'],
    },
    {
      id: 'liveagent-partner',
      name: 'LiveAgent partner desk',
      product: 'liveagent',
      app: 'Contoso LiveAgent Partner',
      secretsEndInDays: [160],
      mailboxes: ['partner'],
    },
    {
      id: 'customer-mail',
      name: 'Customer mail over POP',
      product: 'other',
      protocol: 'pop',
      app: 'Contoso Customer Mail',
      secretsEndInDays: [140],
      delegate: 'svc-liveagent',
      mailboxes: ['info', 'jobs'],
    },
    {
      id: 'news-desk',
      name: 'News desk over Microsoft Graph',
      product: 'other',
      protocol: 'graph',
      app: 'Contoso News Desk',
      secretsEndInDays: [120],
      mailboxes: ['news', 'alumni'],
    },
    {
      id: 'survey-desk',
      name: 'Survey desk over Microsoft Graph',
      product: 'other',
      protocol: 'graph',
      app: 'Contoso Survey Desk',
      secretsEndInDays: [110],
      mailboxes: ['survey'],
    },
    {
      id: 'travel-desk',
      name: 'Travel desk with a certificate',
      product: 'other',
      app: 'Contoso Travel Desk',
      secretsEndInDays: [],
      mailboxes: ['travel'],
    },
  ],
};

/** One healthy connection in the application flow with so many mailboxes, for benchmarks. */
export function manyMailboxes(count: number): Blueprint {
  return {
    tokenLifetime: 3599,
    users: [],
    groups: [],
    connections: [
      {
        id: 'bench',
        name: 'Benchmark',
        product: 'other',
        app: 'Contoso Benchmark',
        secretsEndInDays: [365],
        mailboxes: Array.from({ length: count }, (_, i) => `mailbox${i + 1}`),
      },
    ],
  };
}
