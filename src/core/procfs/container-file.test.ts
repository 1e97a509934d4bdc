import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseBundleName, parseDockerName, parseStorageName } from './container-file.ts'

const KUBELET = {
  'io.kubernetes.pod.namespace': 'shop',
  'io.kubernetes.pod.name': 'web-0',
  'io.kubernetes.container.name': 'nginx',
}
const CRI = {
  'io.kubernetes.cri.sandbox-namespace': 'shop',
  'io.kubernetes.cri.sandbox-name': 'web-0',
}

for (const [what, parse, content, expected] of [
  ['docker', parseDockerName, { Name: '/web', Config: { Labels: {} } }, 'web'],
  [
    'docker below a kubelet',
    parseDockerName,
    { Name: '/k8s_x', Config: { Labels: KUBELET } },
    'shop/web-0/nginx',
  ],
  ['docker without a name', parseDockerName, { Config: null }, undefined],
  ['a name that is no text', parseDockerName, { Name: { x: 1 } }, undefined],
  ['a name of a megabyte', parseDockerName, { Name: 'x'.repeat(2 ** 20) }, 'x'.repeat(200)],
  [
    'containerd',
    parseBundleName,
    { annotations: { ...CRI, 'io.kubernetes.cri.container-name': 'nginx' } },
    'shop/web-0/nginx',
  ],
  ['the sandbox of a pod', parseBundleName, { annotations: CRI }, 'shop/web-0/POD'],
  ['cri-o', parseBundleName, { annotations: KUBELET }, 'shop/web-0/nginx'],
  ['a bundle of others', parseBundleName, { ociVersion: '1.0' }, undefined],
  [
    'podman',
    (text: string) => parseStorageName(text, 'b'),
    [
      { id: 'a', names: ['x'] },
      { id: 'b', names: ['db'] },
    ],
    'db',
  ],
  [
    'podman without a name',
    (text: string) => parseStorageName(text, 'b'),
    [{ id: 'b', names: null }],
    undefined,
  ],
  ['another list', (text: string) => parseStorageName(text, 'b'), { b: 1 }, undefined],
] as const) {
  test(`name of a container: ${what}`, () => {
    assert.equal(parse(JSON.stringify(content)), expected)
  })
}

test('any text is read without a throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const parse of [parseDockerName, parseBundleName]) parse(text)
      parseStorageName(text, 'x')
    }),
  )
})
