/** @module Whether the host is a guest: an emulated serial line is rarely held to its speed. */
import type { Reading } from './reading.ts'
import { textOf } from './reading.ts'

/** What makers of hypervisors write as vendor or product (systemd, src/basic/virt.c, has the same list). */
const DMI: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^QEMU/, 'QEMU'],
  [/KVM/, 'KVM'],
  [/^OpenStack/, 'KVM'],
  [/^Google/, 'KVM'],
  [/^Amazon EC2(?!.*\.metal)/, 'Amazon EC2'],
  [/^VMware/, 'VMware'],
  [/^innotek|VirtualBox/, 'VirtualBox'],
  [/^Xen/, 'Xen'],
  [/^Bochs/, 'Bochs'],
  [/^Parallels/, 'Parallels'],
  [/^BHYVE/, 'bhyve'],
  [/^Microsoft Corporation Virtual/, 'Hyper-V'],
  [/^Apple Virtualization/, 'Apple'],
]

/** The hypervisor's name, `a hypervisor` where that alone is known; `null`: none is seen. */
export function hypervisorOf(reading: Pick<Reading, 'files'>): string | null {
  const id = (name: string): string => textOf(reading, `/sys/class/dmi/id/${name}`) ?? ''
  const made = `${id('sys_vendor')} ${id('product_name')}`.trim()
  const known = DMI.find(([pattern]) => pattern.test(made) || pattern.test(id('product_name')))
  if (known !== undefined) return known[1]
  const model = textOf(reading, '/sys/firmware/devicetree/base/model') ?? ''
  if (/^linux,dummy-virt/.test(model)) return 'QEMU'
  const flags = /^flags\s*:.*\bhypervisor\b/m.test(textOf(reading, '/proc/cpuinfo') ?? '')
  if (flags || textOf(reading, '/sys/hypervisor/type') !== null) return 'a hypervisor'
  return null
}

/** `Hardware name:` of a report: dmi_scan.c, dmi_ids_string; with a device tree its model (setup_arch). */
export function hardwareOf(reading: Pick<Reading, 'files'>): string {
  const id = (name: string): string => (textOf(reading, `/sys/class/dmi/id/${name}`) ?? '').trim()
  const board = id('board_name')
  const made = `${id('sys_vendor')} ${id('product_name')}`.trim()
  if (made === '') {
    const model = textOf(reading, '/sys/firmware/devicetree/base/model')
    return model === null ? '' : `${model.replaceAll('\0', '')} (DT)`
  }
  const bios = [id('bios_version'), id('bios_date')].filter((part) => part !== '').join(' ')
  return `${made}${board === '' ? '' : `/${board}`}${bios === '' ? '' : `, BIOS ${bios}`}`
}
