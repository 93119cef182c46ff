/** What of each room is mutated, by which tests, and the share of changes that they must notice. */
export const rooms = {
  verdict: { threshold: 0.85 },
  evidence: { threshold: 0.85 },
  contract: {},
  plan: {},
  load: {
    // What talks to sockets, threads and the system is tested in test/integration.
    except:
      /-main|start-load|ping|thread|-connection\.ts|make-transport|undici|id-token|token-refresh|watch-machine/,
  },
  fleet: { source: 'src/platform/local/fleet', tests: 'test/platform' },
  base: { except: /-main|process-|entry/ },
  link: { except: /\/(link|connections?|listeners|flow|probe-link)\.ts/ },
};
