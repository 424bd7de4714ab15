/** MB of an instance, by infra/app.bicep. */
export const INSTANCE_MB = 512;

/** The limits that Node 24 sets itself where there are 512 MB, measured in a cgroup of that size; else it takes what the machine has. */
export const INSTANCE_LIMITS = ['--max-old-space-size=256', '--max-semi-space-size=1'];
