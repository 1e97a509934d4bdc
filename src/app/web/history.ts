/** @module The history's types, as the one who opens it gets them. */
import type { openHistory } from '../../io/history/history.ts'

export type History = ReturnType<typeof openHistory>
export type EventQuery = Parameters<History['readEvents']>[0]
export type HistoryStats = ReturnType<History['stats']>
