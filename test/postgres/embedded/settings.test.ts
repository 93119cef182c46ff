import { describe, expect, it } from 'vitest';
import { formatSettings } from '../../../src/postgres/embedded/settings.ts';

const folder = { path: "/tmp/it's", data: "/tmp/it's/data", log: "/tmp/it's/log", logFile: '' };

describe('the settings of an embedded server', () => {
  const text = formatSettings({ port: 40123, maxConnections: 25, folder });

  it('listen on loopback only', () => {
    expect(text).toContain("listen_addresses = '127.0.0.1'\n");
    expect(text).toContain("unix_socket_directories = ''\n");
  });

  it('take the limit from the scenario', () => {
    expect(text).toContain('max_connections = 25\n');
  });

  it('quote values, so that a folder may have any name', () => {
    expect(text).toContain("log_directory = '/tmp/it''s/log'\n");
  });
});
