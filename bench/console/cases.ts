/** @module What is played to hold the doctor's figures against real kernels. */

export interface Case {
  readonly tasks: number
  readonly baud: number
  readonly printk: string
  readonly dumpTasks: boolean
}

/** As the table names it. */
export function settingOf({ printk, dumpTasks }: Case): string {
  return dumpTasks ? printk : `${printk}, no table`
}

const FULL = { printk: '7 4 1 7', dumpTasks: true }

export const QUICK: readonly Case[] = [
  { tasks: 50, baud: 115_200, ...FULL },
  { tasks: 50, baud: 115_200, ...FULL, dumpTasks: false },
  ...['5 7 1 7', '5 4 1 7', '4 4 1 7', '3 4 1 7'].map((printk) => ({
    tasks: 50,
    baud: 115_200,
    printk,
    dumpTasks: true,
  })),
]

export const ALL: readonly Case[] = [
  ...QUICK,
  { tasks: 200, baud: 115_200, ...FULL },
  { tasks: 800, baud: 115_200, ...FULL },
  { tasks: 50, baud: 9600, ...FULL },
  { tasks: 200, baud: 19_200, ...FULL },
  { tasks: 200, baud: 19_200, ...FULL, dumpTasks: false },
  { tasks: 800, baud: 19_200, ...FULL },
]
