import { run } from './cli/program';

// A pipe that is closed early, as by head, is no failure.
process.stdout.on('error', () => process.exit());
void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
  // Connections that are kept alive for reuse, and looks that were given up, do not hold the result back.
  process.stdout.write('', () => process.exit());
});
