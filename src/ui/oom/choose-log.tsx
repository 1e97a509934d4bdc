/** @module How a log comes to the page: dropped anywhere, chosen, or pasted. */
import { useEffect, useRef, useState } from 'preact/hooks'
import { openLog } from './log-store.ts'

function openText(text: string): void {
  if (text.trim() !== '') void openLog(new Blob([text]), 'pasted text')
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA)$/.test(target.tagName)
}

/** Takes what is dropped or pasted anywhere on the page; tells whether something is held over it. */
export function useDroppedLog(): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent): void => {
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      event.preventDefault()
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (file !== undefined) void openLog(file, file.name)
      else openText(event.dataTransfer?.getData('text') ?? '')
    }
    const paste = (event: ClipboardEvent): void => {
      if (isTyping(event.target)) return
      const file = event.clipboardData?.files[0]
      if (file !== undefined) void openLog(file, file.name)
      else openText(event.clipboardData?.getData('text') ?? '')
    }
    addEventListener('dragover', over)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    addEventListener('paste', paste)
    return () => {
      removeEventListener('dragover', over)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
      removeEventListener('paste', paste)
    }
  }, [])
  return isOver
}

export function ChooseButton({ word }: { readonly word: string }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <button type="button" onClick={() => input.current?.click()}>
        {word}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="Log file"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0]
          // The same file can be chosen again.
          event.currentTarget.value = ''
          if (file !== undefined) void openLog(file, file.name)
        }}
      />
    </>
  )
}

/** Where nothing is shown yet: what is wanted, and where it is found. */
export function ChoosePanel() {
  const text = useRef<HTMLTextAreaElement>(null)
  return (
    <div class="oom-choose">
      <section class="panel oom-drop" aria-labelledby="drop-title">
        <h2 id="drop-title">Drop a kernel log here</h2>
        <p class="note">Any size; gzip too. Several reports are told apart.</p>
        <ChooseButton word="Choose a file" />
      </section>
      <section class="panel" aria-labelledby="paste-title">
        <h2 id="paste-title">Or paste it</h2>
        <textarea
          ref={text}
          rows={5}
          spellcheck={false}
          aria-labelledby="paste-title"
          placeholder="… invoked oom-killer: gfp_mask=…"
        />
        <button type="button" onClick={() => openText(text.current?.value ?? '')}>
          Explain
        </button>
      </section>
      <section class="panel oom-where" aria-labelledby="where-title">
        <h2 id="where-title">Where it is found</h2>
        <dl>
          <dt>this boot</dt>
          <dd>
            <code>journalctl -k &gt; oom.log</code>
          </dd>
          <dt>the boot before</dt>
          <dd>
            <code>journalctl -k -b -1 &gt; oom.log</code>
          </dd>
          <dt>without a journal</dt>
          <dd>
            <code>dmesg &gt; oom.log</code>, <code>/var/log/kern.log</code>,{' '}
            <code>/var/log/messages</code>
          </dd>
          <dt>in a terminal</dt>
          <dd>
            <code>plimsoll explain oom.log</code> says the same
          </dd>
        </dl>
      </section>
    </div>
  )
}
