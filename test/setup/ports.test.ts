// The port of `npm start`: one that is free on both addresses of localhost, or a sentence for whoever asked for another.

import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { choosePort, isFree, PortError, readPort } from '../../simulator/ports.ts';

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Listens there; `null` where this machine has no such address. */
async function listen(host: string, port = 0): Promise<number | null> {
  const server = createServer().listen({ host, port });
  try {
    await once(server, 'listening');
  } catch {
    return null;
  }
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

describe('PORT', () => {
  test.each([undefined, '', ' '])('%j is any', (text) => {
    expect(readPort(text)).toBeNull();
  });

  test.each(['1', '8787', ' 3000 ', '65535'])('%j is that one', (text) => {
    expect(readPort(text)).toBe(Number(text));
  });

  test.each(['abc', '0', '-1', '65536', '80 80', '8787.5', '0x50', '1e3', 'NaN'])(
    '%j is none, and it says what it must be',
    (text) => {
      expect(() => readPort(text)).toThrow(PortError);
      expect(() => readPort(text)).toThrow(
        `PORT: must be a number from 1 to 65535; got ${JSON.stringify(text)}.`,
      );
    },
  );
});

describe('a port is taken', () => {
  test.each(['127.0.0.1', '::1', '0.0.0.0', '::'])('where somebody listens on %s', async (host) => {
    const port = await listen(host);
    if (port === null) return;
    expect(await isFree(port)).toBe(false);
    await expect(choosePort(port, port)).rejects.toThrow(`PORT: another program listens on ${port}.`);
    expect(await choosePort(null, port)).toBeGreaterThan(port);
  });

  test('and free again when they have gone', async () => {
    const port = (await listen('127.0.0.1')) ?? 0;
    servers.pop()?.close();
    expect(await isFree(port)).toBe(true);
    expect(await choosePort(port, 1)).toBe(port);
    // To look was not to take.
    expect(await listen('127.0.0.1', port)).toBe(port);
  });
});
