/** @module What `plimsoll guard` was asked for, as commander hands it over. */
export interface GuardFlags {
  readonly explain?: true
  readonly verify?: true
  readonly json?: true
  readonly config?: string
  readonly cgroup?: string
  readonly own?: true
  readonly socket?: string
  /** ms */
  readonly for?: number
}
