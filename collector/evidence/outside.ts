import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Compile } from 'typebox/compile'
import { type Checkpoint, CheckpointError, parseCheckpoint } from '../../protocol/checkpoint.ts'
import { parseJson } from '../../protocol/json.ts'
import { type Jws, messageTypes, parseJws } from '../../protocol/jws.ts'
import { Receipt } from '../../protocol/receipt.ts'
import { linesOf } from './line-reader.ts'

const receipt = Compile(Receipt)

/** A receipt that an agent kept, not yet believed. */
export type KeptReceipt = { readonly place: string; readonly jws: Jws; readonly content: Receipt }

/** A checkpoint that somebody kept, not yet believed. */
export type KeptCheckpoint = Checkpoint & { readonly place: string; readonly note: string }

/** Something from outside that cannot be read; nothing can be said of it. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

/** The receipts of a file, one a line, or of all files of a folder. Throws Unreadable. */
export function* receiptsIn(path: string): Generator<KeptReceipt> {
  for (const file of filesIn(path)) {
    let number = 0
    for (const line of reading(file, () => linesOf(file))) {
      const place = `${file}:${++number}`
      if (line.length > 0) yield readReceipt(place, line.toString('latin1'))
    }
  }
}

function readReceipt(place: string, text: string): KeptReceipt {
  return reading(place, () => {
    const jws = parseJws(text)
    const content = parseJson(jws.payload)
    if (jws.typ !== messageTypes.receipt || !receipt.Check(content)) throw new Error('no receipt')
    return { place, jws, content }
  })
}

const note = /^istimrar\/[^\n]*\n(?:[^\n]+\n)+\n(?:— [^\n]+\n)+/gm

/** The signed notes of a file, or of all files of a folder. Throws Unreadable. */
export function checkpointsIn(path: string): KeptCheckpoint[] {
  return filesIn(path).flatMap((file) => {
    const text = reading(file, () => readFileSync(file, 'utf8'))
    const notes = [...text.matchAll(note)].map(([found]) => found)
    if (text.replace(note, '').trim() !== '') throw new Unreadable(`${file} is no checkpoint.`)
    return notes.map((each) => checkpointIn(each, file))
  })
}

/** A note as it claims to be. Throws Unreadable. */
export function checkpointIn(text: string, place: string): KeptCheckpoint {
  return reading(place, () => ({ ...parseCheckpoint(text), place, note: text }))
}

function filesIn(path: string): string[] {
  return reading(path, () => {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path)
      .sort()
      .map((name) => join(path, name))
  })
}

function reading<T>(place: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    const why = cause instanceof CheckpointError ? 'is no checkpoint' : 'cannot be read'
    throw new Unreadable(`${place} ${why}.`, { cause })
  }
}
