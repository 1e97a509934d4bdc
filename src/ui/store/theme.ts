/** @module Light or dark: as the system says, unless the reader chose, which is remembered. */
import { computed, signal } from '@preact/signals'
import type { Shade } from '../../base/palette.ts'

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'plimsoll.theme'
const system = matchMedia('(prefers-color-scheme: dark)')
const isSystemDark = signal(system.matches)
system.addEventListener('change', (event) => {
  isSystemDark.value = event.matches
})

function readTheme(): Theme {
  try {
    return THEMES.find((each) => each === localStorage.getItem(KEY)) ?? 'auto'
  } catch {
    // Storage may be forbidden: the choice then lasts as long as the page.
    return 'auto'
  }
}

export const theme = signal<Theme>(readTheme())
export const isDark = computed(() =>
  theme.value === 'auto' ? isSystemDark.value : theme.value === 'dark',
)

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  try {
    localStorage.setItem(KEY, chosen)
  } catch {
    // As above.
  }
}

/** The shade for the theme that is shown. */
export function shadeOf(shade: Shade): string {
  return isDark.value ? shade.dark : shade.light
}
