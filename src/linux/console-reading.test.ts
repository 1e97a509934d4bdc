import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { readForDoctor } from './console-reading.ts'

const FILES: Readonly<Record<string, string>> = {
  '/proc/cmdline': 'root=/dev/sda1 console=ttyS0,9600 luks.key=hunter2 quiet -- --token hunter2\n',
  '/proc/sys/kernel/printk': '7\t4\t1\t7\n',
  '/proc/consoles': 'ttyS0 -W- (EC p a) 4:64\n',
  '/proc/1/status': 'Name:\tsystemd\nUid:\t0\t0\t0\t0\nVmSize:\t  4000 kB\nRssAnon:\t 400 kB\n',
  '/proc/1/cmdline': 'systemd\0--password=hunter2\0',
  '/proc/1/environ': 'TOKEN=hunter2\0',
  '/proc/2/status': 'Name:\tkthreadd\nState:\tS (sleeping)\nUid:\t0\t0\t0\t0\n',
  '/proc/70/status': 'Name:\tkworker/0:1\nUid:\t0\t0\t0\t0\n',
  '/proc/80/status': 'Name:\tgone\nState:\tZ (zombie)\nUid:\t1000\t1000\t1000\t1000\n',
  '/proc/90/status':
    'Name:\tan\\nother\nUid:\t1000\t1000\t1000\t1000\nVmSize:\t  8000 kB\nRssAnon:\t 800 kB\nRssFile:\t 80 kB\nRssShmem:\t 8 kB\nVmSwap:\t 40 kB\n',
  '/proc/91x/status': 'Name:\tnone\nVmSize:\t 4 kB\n',
  '/etc/rsyslog.conf':
    'module(load="imklog")\nkern.* -/var/log/kern.log\n*.* action(type="ompgsql" pass="hunter2")\n*.* @@logs.example:514;pass=hunter2\n',
  '/usr/lib/systemd/system/app.service':
    '[Service]\nEnvironment=TOKEN=hunter2\nManagedOOMMemoryPressure=kill\n',
  '/usr/lib/systemd/system/other.service': '[Service]\nEnvironment=TOKEN=hunter2\n',
  '/etc/sysctl.d/10-app.conf': '# hunter2\nkernel.printk = 4 4 1 7\nnet.secret = hunter2\n',
  '/plimsoll/page-size': '16384\n',
}

let root = ''
before(() => {
  root = mkdtempSync(join(tmpdir(), 'plimsoll-reading-'))
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
})
after(() => rmSync(root, { recursive: true, force: true }))

test('what is not asked for is in no reading: words, lines and files', () => {
  const { files } = readForDoctor(root)
  assert.doesNotMatch([...files].flat().join('\n'), /hunter2/)
  assert.equal(files.get('/proc/cmdline'), 'console=ttyS0,9600 quiet')
  assert.equal(files.get('/etc/rsyslog.conf'), 'module(load="imklog")\nkern.* -/var/log/kern.log')
  assert.equal(files.get('/usr/lib/systemd/system/app.service'), 'ManagedOOMMemoryPressure=kill')
  assert.equal(files.has('/usr/lib/systemd/system/other.service'), false)
  assert.equal(files.get('/etc/sysctl.d/10-app.conf'), 'kernel.printk = 4 4 1 7')
})

test('processes are those with memory: no kernel thread, no zombie', () => {
  const { processes, seesAll, pageBytes } = readForDoctor(root)
  assert.deepEqual(
    processes?.map(({ comm, pid, uid }) => [comm, pid, uid]),
    [
      ['systemd', 1, 0],
      ['an\nother', 90, 1000],
    ],
  )
  assert.equal(pageBytes, 16_384)
  assert.deepEqual(
    [processes?.[1]?.totalVmPages, processes?.[1]?.rssAnonPages, processes?.[1]?.rssFilePages],
    [500, 50, 5],
  )
  assert.equal(seesAll, true)
})

test('an empty tree is a reading in which nothing is known', () => {
  const empty = mkdtempSync(join(tmpdir(), 'plimsoll-empty-'))
  try {
    const reading = readForDoctor(empty)
    assert.equal(reading.files.size, 0)
    assert.deepEqual([reading.unread, reading.processes, reading.nodes], [[], null, []])
  } finally {
    rmSync(empty, { recursive: true })
  }
})

test('this host is read, and its own process is among those that are seen', () => {
  const { files, processes } = readForDoctor('/')
  assert.match(files.get('/proc/meminfo') ?? '', /^MemTotal:/)
  assert.ok(processes?.some(({ pid }) => pid === process.pid))
})
