import { isKnownZone } from '../log/log-time.ts';
import { whyPrefixFails } from '../log/stderr-log.ts';
import type { LogFormat } from '../postgres-server.ts';
import type { LogSettings } from './monitor-facts.ts';

/** How a log can be read, or why it can't. */
export type FoundLog =
  | { readonly ok: true; readonly format: LogFormat }
  | { readonly ok: false; readonly why: string };

/** The most telling form first. */
const forms = ['jsonlog', 'csvlog', 'stderr'] as const;

/**
 * Whether the log tells every session and every refusal, to a role that may read it. One that tells only some would be
 * worse than none: its silence would count as proof.
 */
export function findLog(settings: LogSettings): FoundLog {
  const { destination, linePrefix, timeZone } = settings;
  const form = forms.find((one) => destination.split(',').some((name) => name.trim() === one));
  const why = whyNot(settings) ?? (form === 'stderr' ? whyPrefixFails(linePrefix) : null);
  if (why !== null) return { ok: false, why };
  if (form === undefined) return { ok: false, why: `log_destination is ${destination}` };
  return { ok: true, format: { form, linePrefix, timeZone } };
}

/** How an export of the log is written, which has the stderr form whatever the server keeps beside it. */
export function findExportFormat(settings: LogSettings): FoundLog {
  const { linePrefix, timeZone } = settings;
  const why = whyIncomplete(settings) ?? whyPrefixFails(linePrefix);
  return why === null ? { ok: true, format: { form: 'stderr', linePrefix, timeZone } } : { ok: false, why };
}

function whyNot(settings: LogSettings): string | null {
  const { collector, isReadable } = settings;
  if (collector !== 'on')
    return whyIncomplete(settings) ?? 'logging_collector is off: SQL can read files only';
  return (
    whyIncomplete(settings) ??
    (isReadable ? null : 'the role may not call pg_read_binary_file, pg_ls_logdir and pg_current_logfile')
  );
}

function whyIncomplete({ connections, disconnections, messages, timeZone }: LogSettings): string | null {
  if (!/^(?:on|all)$|authorization/.test(connections)) return `log_connections is ${connections || 'empty'}`;
  if (disconnections !== 'on') return `log_disconnections is ${disconnections}`;
  if (!/^(?:C|POSIX|en_)/.test(messages)) return `its language is not English (lc_messages is ${messages})`;
  if (!isKnownZone(timeZone)) return `log_timezone is ${timeZone}, which is not known here`;
  return null;
}
