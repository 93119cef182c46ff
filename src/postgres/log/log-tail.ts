/** A log that grows, read line by line. */
export interface LogTail {
  /** The lines completed since the last call. Rejects when the log is out of reach for good. */
  readLines(): Promise<readonly string[]>;
  /** Lets go; returns the unfinished line at its end. */
  close(): Promise<string>;
}
