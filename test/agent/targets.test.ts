import { describe, expect, test } from 'vitest'
import { isCloudMetadata, isLoopback } from '../../agent/targets.ts'

describe('isCloudMetadata', () => {
  test.each([
    '169.254.169.254',
    '169.254.169.254:80',
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254',
    'http://0xA9FEA9FE/',
    'http://2852039166/',
    '::ffff:169.254.169.254',
    'http://[::ffff:a9fe:a9fe]/',
    'fd00:ec2::254',
    'http://[fd00:ec2:0:0:0:0:0:254]:80/',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'http://metadata.google.internal/computeMetadata',
    'tcp://169.254.169.254:80',
    'tcp://0xA9FEA9FE:80',
  ])('%s', (setting) => expect(isCloudMetadata(setting)).toBe(true))

  test.each([
    'localhost',
    '169.254.1.1',
    'https://portal.example.om/169.254.169.254',
    'fd00:ec2::255',
    '/var/lib',
    'HEAD',
    '200-399',
    '',
    'some text, with spaces',
  ])('not %s', (setting) => expect(isCloudMetadata(setting)).toBe(false))
})

test.each([
  ['http://127.0.0.1:8080', true],
  ['http://localhost:8080/', true],
  ['http://[::1]:8080', true],
  ['http://127.0.0.2', true],
  ['http://127.example.om', false],
  ['http://localhost.example.om', false],
  ['http://10.0.0.1', false],
])('isLoopback %s: %s', (url, expected) => expect(isLoopback(url)).toBe(expected))
