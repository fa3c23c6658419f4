/**
 * What `ping` printed on machines of others, with where each was found. Host names and addresses
 * are as published.
 */
export const pings = [
  {
    // Recorded for this test: iputils-ping 3:20221126-1+deb12u1 of Debian 12, ping -n -c 3 -W 2.
    name: 'iputils of Debian 12',
    sent: 3,
    milliseconds: [0.015, 0.023, 0.182],
    text: `PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.015 ms
64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.023 ms
64 bytes from 127.0.0.1: icmp_seq=3 ttl=64 time=0.182 ms

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2044ms
rtt min/avg/max/mdev = 0.015/0.073/0.182/0.076 ms
`,
  },
  {
    // The same, to a network without a way there.
    name: 'iputils of Debian 12, IPv6 without a way',
    sent: 3,
    milliseconds: [],
    text: `PING 2001:db8::1(2001:db8::1) 56 data bytes
From fd00::2 icmp_seq=1 Destination unreachable: Address unreachable
From fd00::2 icmp_seq=2 Destination unreachable: Address unreachable
From fd00::2 icmp_seq=3 Destination unreachable: Address unreachable

--- 2001:db8::1 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2036ms

`,
  },
  {
    // Recorded for this test: busybox-static 1:1.35.0-4+deb12u1 of Debian 12, ping -n -c 3 -W 2.
    name: 'BusyBox of Debian 12',
    sent: 3,
    milliseconds: [0.049, 0.05, 0.051],
    text: `PING 127.0.0.1 (127.0.0.1): 56 data bytes
64 bytes from 127.0.0.1: seq=0 ttl=64 time=0.049 ms
64 bytes from 127.0.0.1: seq=1 ttl=64 time=0.050 ms
64 bytes from 127.0.0.1: seq=2 ttl=64 time=0.051 ms

--- 127.0.0.1 ping statistics ---
3 packets transmitted, 3 packets received, 0% packet loss
round-trip min/avg/max = 0.049/0.050/0.051 ms
`,
  },
  {
    // ubuntuforums.org thread of 2011-05-22, as archived in a public corpus; iputils of that time.
    name: 'iputils',
    sent: 3,
    milliseconds: [1_158, 175, 169],
    text: `PING 74.125.47.99 (74.125.47.99) 56(84) bytes of data.
64 bytes from 74.125.47.99: icmp_req=1 ttl=47 time=1158 ms
64 bytes from 74.125.47.99: icmp_req=2 ttl=44 time=175 ms
64 bytes from 74.125.47.99: icmp_req=3 ttl=44 time=169 ms

--- 74.125.47.99 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2008ms
rtt min/avg/max/mdev = 169.532/501.141/1158.247/464.650 ms, pipe 2
`,
  },
  {
    // NVIDIA Cumulus Linux lab notes, published on GitHub.
    name: 'iputils, no such host',
    sent: 3,
    milliseconds: [],
    text: `PING 10.1.10.102 (10.1.10.102) 56(84) bytes of data.
From 10.1.10.101 icmp_seq=1 Destination Host Unreachable
From 10.1.10.101 icmp_seq=2 Destination Host Unreachable
From 10.1.10.101 icmp_seq=3 Destination Host Unreachable

--- 10.1.10.102 ping statistics ---
3 packets transmitted, 0 received, +3 errors, 100% packet loss, time 2034ms
pipe 3
`,
  },
  {
    // A course on virtualisation, published on GitHub (node pve04, Proxmox VE).
    name: 'iputils, fractions',
    sent: 3,
    milliseconds: [1_078, 12.9, 3.45],
    text: `PING 10.100.12.13 (10.100.12.13) 56(84) bytes of data.
64 bytes from 10.100.12.13: icmp_seq=1 ttl=64 time=1078 ms
64 bytes from 10.100.12.13: icmp_seq=2 ttl=64 time=12.9 ms
64 bytes from 10.100.12.13: icmp_seq=3 ttl=64 time=3.45 ms

--- 10.100.12.13 ping statistics ---
3 packets transmitted, 3 received, 0% packet loss, time 2071ms
rtt min/avg/max/mdev = 3.450/364.652/1077.558/504.115 ms, pipe 2
`,
  },
  {
    // Lab notes on container networks, published on GitHub; Alpine's BusyBox.
    name: 'BusyBox',
    sent: 3,
    milliseconds: [0.863, 0.363, 0.436],
    text: `PING container2 (172.18.0.3): 56 data bytes
64 bytes from 172.18.0.3: seq=0 ttl=64 time=0.863 ms
64 bytes from 172.18.0.3: seq=1 ttl=64 time=0.363 ms
64 bytes from 172.18.0.3: seq=2 ttl=64 time=0.436 ms

--- container2 ping statistics ---
3 packets transmitted, 3 packets received, 0% packet loss
round-trip min/avg/max = 0.363/0.554/0.863 ms
`,
  },
  {
    // An article on networks of Docker, published on GitHub; busybox image.
    name: 'BusyBox, silence',
    sent: 4,
    milliseconds: [],
    text: `PING 172.17.0.3 (172.17.0.3): 56 data bytes

--- 172.17.0.3 ping statistics ---
4 packets transmitted, 0 packets received, 100% packet loss
`,
  },
  {
    // AWS VPN user guide, "Testing the Site-to-Site VPN connection".
    name: 'Windows',
    sent: 3,
    milliseconds: [1, 1, 1],
    text: `Pinging 10.0.0.4 with 32 bytes of data:

Reply from 10.0.0.4: bytes=32 time<1ms TTL=128
Reply from 10.0.0.4: bytes=32 time<1ms TTL=128
Reply from 10.0.0.4: bytes=32 time<1ms TTL=128

Ping statistics for 10.0.0.4:
    Packets: Sent = 3, Received = 3, Lost = 0 (0% loss),

Approximate round trip times in milliseconds:
    Minimum = 0ms, Maximum = 0ms, Average = 0ms
`,
  },
  {
    // A course on networks, published on GitHub.
    name: 'Windows, one lost',
    sent: 3,
    milliseconds: [1, 1],
    text: `Pinging 192.168.1.11 with 32 bytes of data:

Request timed out.
Reply from 192.168.1.11: bytes=32 time<1ms TTL=255
Reply from 192.168.1.11: bytes=32 time<1ms TTL=255

Ping statistics for 192.168.1.11:
    Packets: Sent = 3, Received = 2, Lost = 1 (34% loss),
Approximate round trip times in milli-seconds:
    Minimum = 0ms, Maximum = 0ms, Average = 0ms
`,
  },
  {
    // A course on networks, published on GitHub: a router's word counts as received there.
    name: 'Windows in French, no such host',
    sent: 4,
    milliseconds: [],
    text: `Envoi d’une requête 'Ping'  1.1.1.1 avec 32 octets de données :
Réponse de 192.168.137.2 : Impossible de joindre l’hôte de destination.
Délai d’attente de la demande dépassé.
Réponse de 192.168.137.2 : Impossible de joindre l’hôte de destination.
Réponse de 192.168.137.2 : Impossible de joindre l’hôte de destination.

Statistiques Ping pour 1.1.1.1:
    Paquets : envoyés = 4, reçus = 3, perdus = 1 (perte 25%)
`,
  },
  {
    // A course on networks, published on GitHub.
    name: 'Windows in French',
    sent: 4,
    milliseconds: [17, 17, 18],
    text: `Envoi d’une requête 'Ping'  8.8.8.8 avec 32 octets de données :
Réponse de 8.8.8.8 : octets=32 temps=17 ms TTL=115
Réponse de 8.8.8.8 : octets=32 temps=17 ms TTL=115
Réponse de 8.8.8.8 : octets=32 temps=18 ms TTL=115
Délai d’attente de la demande dépassé.

Statistiques Ping pour 8.8.8.8:
    Paquets : envoyés = 4, reçus = 3, perdus = 1 (perte 25%),
Durée approximative des boucles en millisecondes :
    Minimum = 17ms, Maximum = 18ms, Moyenne = 17ms
`,
  },
  {
    // Notes on a Linux VM, published on GitHub.
    name: 'Windows in German',
    sent: 4,
    milliseconds: [1, 1, 1, 1],
    text: `Ping wird ausgeführt für 192.168.0.38 mit 32 Bytes Daten:
Antwort von 192.168.0.38: Bytes=32 Zeit<1ms TTL=64
Antwort von 192.168.0.38: Bytes=32 Zeit<1ms TTL=64
Antwort von 192.168.0.38: Bytes=32 Zeit<1ms TTL=64
Antwort von 192.168.0.38: Bytes=32 Zeit<1ms TTL=64

Ping-Statistik für 192.168.0.38:
    Pakete: Gesendet = 4, Empfangen = 4, Verloren = 0
    (0% Verlust),
Ca. Zeitangaben in Millisek.:
    Minimum = 0ms, Maximum = 0ms, Mittelwert = 0ms
`,
  },
  {
    // Test data of a ping parser, published on GitHub, as printed by a Chinese Windows.
    name: 'Windows in Chinese',
    sent: 1,
    milliseconds: [7],
    text: `正在 Ping 10.0.0.1 具有 32 字节的数据:
来自 10.0.0.1 的回复: 字节=32 时间=7ms TTL=64

10.0.0.1 的 Ping 统计信息:
    数据包: 已发送 = 1，已接收 = 1，丢失 = 0 (0% 丢失)，
往返行程的估计时间(以毫秒为单位):
    最短 = 7ms，最长 = 7ms，平均 = 7ms
`,
  },
] as const
