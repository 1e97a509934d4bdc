/** @module A server that builds reports one after the other: the collector saws over a flat floor. */
import { buildReport } from './batches.ts'
import { begin } from './leak.ts'

begin(buildReport)
