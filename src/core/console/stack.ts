/**
 * @module The call trace and registers of a page fault that finds no memory, as each kernel prints them, on the two
 * ways on which a leak asks; others, a system call's say, are longer by some lines. Offsets are those of one build:
 * only their lengths matter.
 */
import type { ReportEra } from './era.ts'

/**
 * For what the page is: the first touch of anonymous memory (mm/memory.c, do_anonymous_page), or the page table that
 * this touch needs first (__pte_alloc), for one touch in 512 where memory is touched in its order.
 */
export type Asked = 'page' | 'page-table'

interface Trace {
  readonly top: readonly string[]
  readonly asks: Readonly<Record<Asked, readonly string[]>>
  readonly fault: readonly string[]
}

const TRACES: Readonly<Record<ReportEra['likeRelease'], Trace>> = {
  '5.10': {
    top: [
      'Call Trace:',
      ' dump_stack+0x6b/0x83',
      ' dump_header+0x4c/0x20e',
      ' oom_kill_process.cold+0xb/0x10',
      ' out_of_memory+0x1bd/0x4e0',
      ' __alloc_pages_slowpath.constprop.0+0xcf0/0xd90',
      ' __alloc_pages_nodemask+0x2de/0x310',
    ],
    asks: {
      page: [' alloc_pages_vma+0x80/0x270'],
      'page-table': [' pte_alloc_one+0x14/0x50', ' __pte_alloc+0x16/0x110'],
    },
    fault: [
      ' handle_mm_fault+0xead/0x1ba0',
      ' do_user_addr_fault+0x218/0x560',
      ' exc_page_fault+0x78/0x160',
      ' ? asm_exc_page_fault+0x8/0x30',
      ' asm_exc_page_fault+0x1e/0x30',
    ],
  },
  '6.1': {
    top: [
      'Call Trace:',
      ' <TASK>',
      ' dump_stack_lvl+0x44/0x5c',
      ' dump_header+0x4c/0x22b',
      ' oom_kill_process.cold+0xb/0x10',
      ' out_of_memory+0x1fd/0x4c0',
      ' __alloc_pages_slowpath.constprop.0+0x67f/0xe70',
      ' __alloc_pages+0x305/0x330',
    ],
    asks: {
      page: [' __folio_alloc+0x17/0x50', ' ? policy_node+0x51/0x70', ' vma_alloc_folio+0x9c/0x370'],
      // Not seen: taken to be as in 5.10.
      'page-table': [' pte_alloc_one+0x13/0x40', ' __pte_alloc+0x16/0x120'],
    },
    fault: [
      ' __handle_mm_fault+0x92f/0xfa0',
      ' handle_mm_fault+0xdb/0x2d0',
      ' do_user_addr_fault+0x191/0x560',
      ' exc_page_fault+0x70/0x170',
      ' asm_exc_page_fault+0x22/0x30',
    ],
  },
  '6.12': {
    top: [
      'Call Trace:',
      ' <TASK>',
      ' dump_stack_lvl+0x64/0x80',
      ' dump_header+0x43/0x1d0',
      ' oom_kill_process+0xfa/0x200',
      ' out_of_memory+0x257/0x520',
      ' __alloc_pages_slowpath.constprop.0+0x67f/0xe00',
      ' __alloc_pages_noprof+0x2ef/0x310',
      ' alloc_pages_mpol_noprof+0x8f/0x1e0',
      ' ? __mod_memcg_lruvec_state+0x8d/0x140',
    ],
    asks: {
      page: [' vma_alloc_folio_noprof+0x71/0xe0'],
      'page-table': [' pte_alloc_one+0x1d/0x60', ' __pte_alloc+0x28/0xb0'],
    },
    fault: [
      ' do_anonymous_page+0x2bd/0x7d0',
      ' ? __pte_offset_map+0x1b/0x180',
      ' __handle_mm_fault+0xb66/0xfa0',
      ' handle_mm_fault+0x180/0x2d0',
      ' do_user_addr_fault+0x20c/0x6a0',
      ' exc_page_fault+0x76/0x190',
      ' asm_exc_page_fault+0x26/0x30',
    ],
  },
  '7.2': {
    top: [
      'Call Trace:',
      ' <TASK>',
      ' dump_stack_lvl+0x5d/0x80',
      ' dump_header+0x43/0x1b3',
      ' oom_kill_process.cold+0xa/0xc1',
      ' out_of_memory+0x231/0x570',
      ' __alloc_pages_slowpath.constprop.0+0xf33/0x1400',
      ' __alloc_frozen_pages_noprof+0x334/0x370',
      ' alloc_pages_mpol+0xb2/0x180',
      ' ? preempt_schedule+0x32/0x50',
    ],
    asks: {
      page: [' vma_alloc_folio_noprof+0x6a/0xd0'],
      // Not seen: taken to be as in 6.12.
      'page-table': [' pte_alloc_one+0x1d/0x60', ' __pte_alloc+0x28/0xb0'],
    },
    fault: [
      ' do_anonymous_page+0x343/0x9a0',
      ' ? __pte_offset_map+0x1b/0x100',
      ' __handle_mm_fault+0xb4f/0xf90',
      ' ? _copy_to_user+0x31/0x40',
      ' ? put_timespec64+0x3a/0x60',
      ' handle_mm_fault+0xed/0x2c0',
      ' do_user_addr_fault+0x2cd/0x840',
      ' exc_page_fault+0x90/0x1e0',
      ' asm_exc_page_fault+0x26/0x30',
    ],
  },
}

/** x86-64 registers of user space at the fault (arch/x86/kernel/process_64.c, __show_regs). */
const REGISTERS: readonly string[] = [
  'RIP: 0033:0x41e34a',
  // 64 bytes in hex, one of them in angle brackets (dumpstack.c, show_opcodes).
  `Code: ${'00 '.repeat(42)}<f3>${' 00'.repeat(21)}`,
  'RSP: 002b:00007fffa5283818 EFLAGS: 00000206',
  'RAX: 0000000000000001 RBX: 00007fffa5283d20 RCX: 000000000033e000',
  'RDX: 00007f376cab9000 RSI: 0000000000000001 RDI: 00007f376cb7b000',
  'RBP: 00007fffa5283890 R08: 00000000ffffffff R09: 0000000000000000',
  'R10: 0000000000000022 R11: 0000000000000246 R12: 00007f37786b9000',
  'R13: 00007fffa5283b20 R14: 0000000000000001 R15: 000000000047b075',
]

/** Lines from `Call Trace:` on; with `<TASK>` the trace is closed by its end (5.16 on). */
export function stackLines({ likeRelease }: ReportEra, asked: Asked): readonly string[] {
  const { top, asks, fault } = TRACES[likeRelease]
  const end = top.includes(' <TASK>') ? [' </TASK>'] : []
  return [...top, ...asks[asked], ...fault, ...REGISTERS, ...end]
}
