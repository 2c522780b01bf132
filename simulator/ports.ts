// Which port `npm start` takes. Must leave none occupied that it only looked at.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/** Both of what `localhost` may mean: a browser takes either. */
const LOCALHOST = ['127.0.0.1', '::1'];
const LAST = 65_535;

/** A port that somebody gave us and that cannot be had; the message is for them. */
export class PortError extends Error {}

/** `PORT` as the user set it; `null`: any that is free. */
export function readPort(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (port >= 1 && port <= LAST) return port;
  throw new PortError(`PORT: must be a number from 1 to ${LAST}; got ${JSON.stringify(text)}.`);
}

/** What became of an attempt to listen or to connect; `null`: it worked. */
async function failure(attempt: NodeJS.EventEmitter, done: string): Promise<string | null> {
  try {
    await once(attempt, done);
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Whether nobody answers at this address, and we could. An address that this machine does not have is nobody's. */
async function isFreeAt(port: number, host: string): Promise<boolean> {
  const server = createServer().listen({ port, host, exclusive: true });
  const refused = await failure(server, 'listening');
  server.close();
  if (refused !== null) return ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes(refused);
  // Who listens on all addresses at once does not keep us, on some systems, from listening on one of them.
  await once(server, 'close');
  const socket = connect({ port, host });
  const connected = (await failure(socket, 'connect')) === null;
  socket.destroy();
  return !connected;
}

/** Whether nobody listens on this port on either address of `localhost`. */
export async function isFree(port: number): Promise<boolean> {
  for (const host of LOCALHOST) if (!(await isFreeAt(port, host))) return false;
  return true;
}

/** The port that was asked for, or the first free one from `first` on. */
export async function choosePort(asked: number | null, first: number): Promise<number> {
  if (asked !== null) {
    if (await isFree(asked)) return asked;
    throw new PortError(
      `PORT: another program listens on ${asked}. Set it to another number, or do not set it: then a free one is taken.`,
    );
  }
  for (let port = first; port <= LAST; port += 1) if (await isFree(port)) return port;
  throw new PortError(`No port from ${first} on is free.`);
}
