import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCgroupPath } from './cgroup-path.ts'

const ID = '4f1a6a2c9be2d9d2d8f4b3a1c0e5f60718293a4b5c6d7e8f9012a3b4c5d6e7f8'
const POD = '2c48913c-b29f-11e7-9350-020968147796'
const POD_UNDERSCORED = POD.replaceAll('-', '_')
const BURSTABLE = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${POD_UNDERSCORED}.slice`

for (const [path, unit, container, podUid] of [
  ['/system.slice/nginx.service', 'nginx.service', null, null],
  ['/system.slice/system-getty.slice/getty@tty1.service', 'getty@tty1.service', null, null],
  ['/system.slice/a.service/worker', 'a.service', null, null],
  ['/system.slice/dev-mapper-x\\x2dy.service', 'dev-mapper-x\\x2dy.service', null, null],
  ['/system.slice/a.service (deleted)', 'a.service', null, null],
  ['/', null, null, null],
  ['', null, null, null],
  ['/init.scope', null, null, null],
  ['/user.slice/user-1000.slice/session-3.scope', null, null, null],
  ['/user.slice/user-1000.slice/user@1000.service/init.scope', 'user@1000.service', null, null],
  [
    '/user.slice/user-1000.slice/user@1000.service/app.slice/dbus.service',
    'dbus.service',
    null,
    null,
  ],
  [
    '/user.slice/user-1000.slice/user@1000.service/app.slice/app-firefox-12.scope',
    null,
    null,
    null,
  ],
  ['/system.slice/run-r0af3.scope', null, null, null],
  [`/docker/${ID}`, null, ['docker', ID], null],
  [`/docker/${ID}/system.slice/kubelet.service`, 'kubelet.service', ['docker', ID], null],
  [`/system.slice/docker-${ID}.scope`, null, ['docker', ID], null],
  [
    `/user.slice/user-1000.slice/user@1000.service/user.slice/docker-${ID}.scope`,
    null,
    ['docker', ID],
    null,
  ],
  [`/system.slice/nerdctl-${ID}.scope`, null, ['containerd', ID], null],
  [`/machine.slice/libpod-${ID}.scope/container`, null, ['podman', ID], null],
  [`/machine.slice/libpod-conmon-${ID}.scope`, null, null, null],
  [
    `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${ID}.scope/init.scope`,
    null,
    ['podman', ID],
    null,
  ],
  [`${BURSTABLE}/cri-containerd-${ID}.scope`, null, ['containerd', ID], POD],
  [`${BURSTABLE}/crio-${ID}.scope`, null, ['crio', ID], POD],
  [`${BURSTABLE}/crio-conmon-${ID}.scope`, null, null, null],
  [`/kubepods/burstable/pod${POD}/${ID}`, null, ['unknown', ID], POD],
  [
    `/kubepods.slice/kubepods-pod${POD_UNDERSCORED}.slice/docker-${ID}.scope`,
    null,
    ['docker', ID],
    POD,
  ],
  [
    `/system.slice/containerd.service/kubepods-besteffort-pod${POD_UNDERSCORED}.slice:cri-containerd:${ID}`,
    null,
    ['containerd', ID],
    POD,
  ],
  [`/ecs/task-1/${ID}`, null, ['unknown', ID], null],
  [`/constructor/${ID}`, null, ['unknown', ID], null],
  ['/lxc/web1', null, ['lxc', 'web1'], null],
  ['/lxc.payload.web1/system.slice/nginx.service', 'nginx.service', ['lxc', 'web1'], null],
  ['/lxc.payload/web1/init.scope', null, ['lxc', 'web1'], null],
  ['/lxc.monitor.web1', null, null, null],
  [
    '/machine.slice/systemd-nspawn@deb\\x2d12.service/payload/system.slice/ssh.service',
    'ssh.service',
    ['machine', 'deb-12'],
    null,
  ],
  ['/machine.slice/machine-vm1.scope', null, ['machine', 'vm1'], null],
  [`/system.slice/${ID.slice(0, 40)}`, null, null, null],
] as const) {
  test(`whose is ${path.replaceAll(ID, 'ID')}`, () => {
    const owner = parseCgroupPath(path)
    const found = owner.container && [owner.container.runtime, owner.container.id]
    assert.deepEqual(
      [owner.unit, found, owner.container?.podUid ?? null],
      [unit, container, podUid],
    )
  })
}

for (const [path, stablePath, userId] of [
  ['/user.slice/user-1000.slice/session-3.scope', '/user.slice/user-1000.slice', null],
  [
    '/user.slice/user-1000.slice/user@1000.service/app.slice/a.service',
    '/user.slice/user-1000.slice/user@1000.service/app.slice/a.service',
    '1000',
  ],
  ['/system.slice/run-r0af3.scope/below', '/system.slice', null],
  ['/batch/jobs', '/batch/jobs', null],
  ['/', '/', null],
] as const) {
  test(`what outlives a restart of ${path}`, () => {
    const owner = parseCgroupPath(path)
    assert.deepEqual([owner.stablePath, owner.userId], [stablePath, userId])
  })
}
