import { once } from 'node:events';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/** A port that listens while its process sleeps for ever, so that nothing takes connections out of its queue. */
const SLEEPING_LISTENER = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

interface BlackHole {
  readonly port: number;
  close(): Promise<void>;
}

/** A port on 127.0.0.1 that neither accepts nor refuses, as behind a firewall that drops packets. Linux only. */
export async function startBlackHole(): Promise<BlackHole> {
  const worker = new Worker(SLEEPING_LISTENER, { eval: true });
  const [port] = (await once(worker, 'message')) as [number];
  // More than the queue holds: the kernel drops what comes after.
  const waiting = Array.from({ length: 8 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  await Promise.race(waiting.map((socket) => once(socket, 'connect')));
  return {
    port,
    close: async () => {
      for (const socket of waiting) socket.destroy();
      await worker.terminate();
    },
  };
}
