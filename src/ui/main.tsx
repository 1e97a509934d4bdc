/** @module The dashboard's start: connection, address, keys, and the page that the address names. */
import { effect } from '@preact/signals'
import { render } from 'preact'
import './style/base.css'
import './style/shell.css'
import './style/parts.css'
import './style/table.css'
import './style/chart.css'
import './style/console.css'
import './style/oom.css'
import { App } from './app.tsx'
import { startConnection } from './store/connection.ts'
import { startNavigation } from './store/location.ts'
import { startShortcuts } from './store/shortcuts.ts'
import { isDark } from './store/theme.ts'

effect(() => {
  document.documentElement.dataset.theme = isDark.value ? 'dark' : 'light'
})
startNavigation()
startShortcuts()
startConnection()
const root = document.getElementById('app')
if (root !== null) render(<App />, root)
