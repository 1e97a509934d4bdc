import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ContainerRef } from '../core/procfs/cgroup-path.ts'
import { openContainerNames } from './container-names.ts'
import { openProcTree } from './proc-tree.fixture.ts'

const ID = '4f1a6a2c9be2d9d2d8f4b3a1c0e5f60718293a4b5c6d7e8f9012a3b4c5d6e7f8'
const CRI = {
  annotations: {
    'io.kubernetes.cri.sandbox-namespace': 'shop',
    'io.kubernetes.cri.sandbox-name': 'web-0',
    'io.kubernetes.cri.container-name': 'nginx',
  },
}
const BUNDLE = `io.containerd.runtime.v2.task/k8s.io/${ID}/config.json`

for (const [runtime, path, content, expected] of [
  ['docker', `var/lib/docker/containers/${ID}/config.v2.json`, { Name: '/web' }, 'web'],
  ['containerd', `run/containerd/${BUNDLE}`, CRI, 'shop/web-0/nginx'],
  ['containerd', `run/k3s/containerd/${BUNDLE}`, CRI, 'shop/web-0/nginx'],
  ['unknown', `run/containerd/${BUNDLE}`, CRI, 'shop/web-0/nginx'],
  [
    'podman',
    'var/lib/containers/storage/overlay-containers/containers.json',
    [{ id: ID, names: ['db'] }],
    'db',
  ],
  [
    'podman',
    'run/containers/storage/overlay-containers/volatile-containers.json',
    [{ id: ID, names: ['db'] }],
    'db',
  ],
  ['docker', 'nothing', {}, undefined],
] as const) {
  test(`${runtime} names a container in ${path.replace(ID, 'ID')}`, () => {
    using tree = openProcTree()
    tree.write(path, JSON.stringify(content))
    const names = openContainerNames(tree.procRoot.replace(/\/proc$/, ''))
    assert.equal(names.nameOf({ runtime, id: ID, podUid: null }, 1000), expected)
  })
}

test('a name that comes late is found at the next try, and then kept', () => {
  using tree = openProcTree()
  const root = tree.procRoot.replace(/\/proc$/, '')
  const container: ContainerRef = { runtime: 'docker', id: ID, podUid: null }
  const path = `var/lib/docker/containers/${ID}/config.v2.json`
  const names = openContainerNames(root)
  assert.equal(names.nameOf(container, 0), undefined)
  assert.equal(names.unnamed(), 1)
  tree.write(path, JSON.stringify({ Name: '/web' }))
  assert.equal(names.nameOf(container, 1000), undefined)
  assert.equal(names.nameOf(container, 61_000), 'web')
  tree.remove(path)
  assert.equal(names.nameOf(container, 200_000), 'web')
  assert.equal(names.unnamed(), 0)
})

test('what has a name alone needs no file', () => {
  const names = openContainerNames('/nowhere')
  assert.equal(names.nameOf({ runtime: 'lxc', id: 'web1', podUid: null }, 0), 'web1')
})
