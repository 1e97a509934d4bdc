/** @module GET /metrics in Prometheus' text format. */
import type { Context } from 'hono'
import type { Access } from '../../core/wire/api.ts'
import { refuse } from './failure.ts'
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

/** A scraper shows its token, and then it is the right one: it must not take less for all. */
function accessOf(c: Context, token: string | null, access: Access): Access {
  // An empty one too: a scraper whose file has none must not seem to work.
  const given = /^Bearer\b *(.*)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  if (given === undefined) return access
  return token !== null && isSameSecret(given, token) ? 'full' : 'none'
}

/** All metrics with a session or the token, else the host's totals and the names and sizes. */
export async function serveMetrics(c: Context, web: Web, given: Access): Promise<Response> {
  const access = accessOf(c, web.metricsToken, given)
  if (access === 'none') {
    const hint = 'A scraper sends the token of [web] metrics_token.'
    const message = 'expected the cookie of a session, or the right token'
    return refuse(c, { code: 'unauthorized', message, hint })
  }
  const isPublic = access === 'public'
  const metrics = isPublic ? METRICS.filter((metric) => metric.isPublic) : METRICS
  const { contentType, text } = await render(measure(web, isPublic), metrics)
  c.header('content-type', contentType)
  return c.body(text)
}
