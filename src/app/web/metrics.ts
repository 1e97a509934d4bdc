/** @module GET /metrics in Prometheus' text format. */
import type { Context } from 'hono'
import { chooseSubjects } from './metrics-subjects.ts'
import type { Measured, Metric, Sample } from './metrics-table.ts'
import { METRICS } from './metrics-table.ts'
import { isSameSecret } from './sessions.ts'
import type { Web } from './web.ts'

function measure(web: Web, isPublic: boolean): Measured {
  const { guard } = web
  return {
    host: guard.snapshot.host,
    rows: guard.snapshot.rows,
    subjects: chooseSubjects(guard.snapshot.rows.values(), isPublic),
    isGuardConnected: guard.status.connected,
    tickAtMs: guard.tickAtMs,
    guardVersion: guard.hello?.version ?? null,
    state: guard.state,
    history: web.history.stats(),
    notify: web.notifyCounts,
    streamReaders: web.hub.readers,
    webRssBytes: process.memoryUsage.rss(),
  }
}

function isKnown(sample: Sample): sample is Sample & { readonly value: number } {
  return sample.value !== null && Number.isFinite(sample.value)
}

/** A new registry each time: a subject that is gone leaves no series behind. */
async function render(measured: Measured, metrics: readonly Metric[]) {
  // Loaded by the first scrape, since most processes never see one.
  const { Counter, Gauge, Registry } = await import('prom-client')
  const registry = new Registry()
  for (const { name, help, labels, type, read } of metrics) {
    const samples = read(measured).filter(isKnown)
    if (samples.length === 0) continue
    const options = { name, help, labelNames: [...labels], registers: [registry] }
    const metric = type === 'counter' ? new Counter(options) : new Gauge(options)
    for (const { value, labels: given = {} } of samples) metric.inc({ ...given }, value)
  }
  return { contentType: registry.contentType, text: await registry.metrics() }
}

function hasToken(c: Context, token: string | null): boolean {
  const given = /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  return token !== null && given !== undefined && isSameSecret(given, token)
}

/** All metrics with a session or the token, else the host's totals and the names and sizes. */
export async function serveMetrics(c: Context, web: Web, hasSession: boolean): Promise<Response> {
  const isPublic = !hasSession && !hasToken(c, web.metricsToken)
  const metrics = isPublic ? METRICS.filter((metric) => metric.isPublic) : METRICS
  const { contentType, text } = await render(measure(web, isPublic), metrics)
  c.header('content-type', contentType)
  return c.body(text)
}
