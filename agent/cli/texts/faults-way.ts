import type { Text } from '../../language.ts'

/** What may be wrong on the way to the collector, and the one thing to do about it. */
export const wayFaults = {
  proxy_wrong: {
    what: { ar: 'عنوان الوسيط في متغيرات النظام غير صالح', en: 'the proxy variable is no address' },
    remedy: {
      ar: 'اجعل قيمة `HTTPS_PROXY` عنوانًا مثل `http://proxy.example.om:3128`',
      en: 'set `HTTPS_PROXY` to an address such as `http://proxy.example.om:3128`',
    },
  },
  proxy_name_unknown: {
    what: {
      ar: 'لا يعرف خادم الأسماء {resolver} الوسيط {name}',
      en: 'the name server {resolver} does not know the proxy {name}',
    },
    remedy: {
      ar: 'صحح اسم الوسيط في `HTTPS_PROXY`',
      en: "correct the proxy's name in `HTTPS_PROXY`",
    },
  },
  proxy_name_failed: {
    what: {
      ar: 'لم يجب خادم الأسماء {resolver} عن الوسيط {name}',
      en: 'the name server {resolver} did not answer about the proxy {name}',
    },
    remedy: {
      ar: 'صحح خادم الأسماء في إعدادات شبكة هذا الجهاز',
      en: "correct the name server in this host's network settings",
    },
  },
  proxy_unreachable: {
    what: {
      ar: 'تعذر الوصول إلى الوسيط {proxy} ({why})',
      en: 'cannot reach the proxy {proxy}: {why}',
    },
    remedy: {
      ar: 'تحقق مع مسؤول الشبكة من عنوان الوسيط ومنفذه، ومن السماح لهذا الجهاز به',
      en: "ask the network administrator for the proxy's address and port, and to admit this host",
    },
  },
  proxy_credentials: {
    what: {
      ar: 'يطلب الوسيط {proxy} اسم مستخدم وكلمة مرور',
      en: 'the proxy {proxy} wants a user and a password',
    },
    remedy: {
      ar: 'ضعهما في المتغير: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`',
      en: 'name them: `HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT`',
    },
  },
  proxy_forbids: {
    what: {
      ar: 'يمنع الوسيط {proxy} الوصول إلى {target}',
      en: 'the proxy {proxy} forbids {target}',
    },
    remedy: {
      ar: 'اطلب من مسؤول الوسيط السماح بهذا العنوان',
      en: "have the proxy's administrator allow this address",
    },
  },
  proxy_refuses: {
    what: {
      ar: 'أجاب الوسيط {proxy} عن {target} بالرمز {status}',
      en: 'the proxy {proxy} answered {status} for {target}',
    },
    remedy: {
      ar: 'اسأل مسؤول الوسيط: لا يصل الوسيط إلى هذا العنوان، أو ليس وسيطًا لطلبات `CONNECT`',
      en: "ask the proxy's administrator: it does not reach this address, or knows no `CONNECT`",
    },
  },
  proxy_silent: {
    what: {
      ar: 'لم يجب الوسيط {proxy} عن طلب `CONNECT`',
      en: 'the proxy {proxy} did not answer a `CONNECT`',
    },
    remedy: {
      ar: 'صحح المنفذ في `HTTPS_PROXY`: هذا المنفذ ليس منفذ وسيط',
      en: 'correct the port in `HTTPS_PROXY`: what listens there is no proxy',
    },
  },
  name_unknown: {
    what: {
      ar: 'لا يعرف خادم الأسماء {resolver} الاسم {name}',
      en: 'the name server {resolver} does not know {name}',
    },
    remedy: {
      ar: 'صحح `collector` في الملف، أو أضف الاسم إلى خادم الأسماء',
      en: 'correct `collector` in the file, or have the name added to the name server',
    },
  },
  name_failed: {
    what: {
      ar: 'لم يجب خادم الأسماء {resolver} عن {name}',
      en: 'the name server {resolver} did not answer about {name}',
    },
    remedy: {
      ar: 'صحح خادم الأسماء في إعدادات شبكة هذا الجهاز، أو اسمح بالمنفذ 53 إليه',
      en: "correct the name server in this host's network settings, or allow port 53 to it",
    },
  },
  connect_refused: {
    what: {
      ar: 'رفض {host} الاتصال بالمنفذ {port}',
      en: '{host} refuses connections to port {port}',
    },
    remedy: {
      ar: 'تحقق من المنفذ في `collector`، ومن أن المنصة المركزية تعمل',
      en: 'check the port in `collector`, and that the collector runs',
    },
  },
  connect_timeout: {
    what: {
      ar: 'لم يجب {host} على المنفذ {port}: يبدو أن جدار حماية يمنعه',
      en: '{host} does not answer on port {port}: a firewall seems to drop it',
    },
    remedy: {
      ar: 'اطلب من مسؤول الشبكة السماح بالاتصال من هذا الجهاز إلى العنوان والمنفذ المذكورين',
      en: 'have the network administrator allow this host out to that address and port',
    },
  },
  connect_unreachable: {
    what: {
      ar: 'لا مسار إلى {host} والمنفذ {port} ({why})',
      en: 'there is no way to {host}, port {port}: {why}',
    },
    remedy: {
      ar: 'صحح مسار الشبكة على هذا الجهاز، أو اضبط `HTTPS_PROXY` إن كان الخروج عبر وسيط',
      en: 'correct the route of this host, or set `HTTPS_PROXY` where a proxy is the way out',
    },
  },
  tls_untrusted: {
    what: {
      ar: 'أصدر الشهادة من لا يثق به هذا الجهاز: {issuer} ({why})',
      en: 'the certificate is issued by one not trusted here: {issuer} ({why})',
    },
    remedy: {
      ar: `إن كان هذا سلطة توثيق لمؤسستكم أو وسيطًا يفحص الاتصال الآمن فضع شهادته في ملف \
يسميه \`authorities\``,
      en: `if that is your own authority or a proxy that inspects TLS, put its certificate into a \
file named by \`authorities\``,
    },
  },
  tls_name: {
    what: {
      ar: 'الشهادة ليست للاسم {name}، بل للأسماء {names}',
      en: 'the certificate is not for {name} but for {names}',
    },
    remedy: {
      ar: 'اجعل `collector` أحد أسماء الشهادة، أو صحح شهادة المنصة المركزية',
      en: "let `collector` be a name of the certificate, or correct the collector's certificate",
    },
  },
  tls_expired: {
    what: { ar: 'انتهت صلاحية الشهادة في {to}', en: 'the certificate ended at {to}' },
    remedy: {
      ar: 'اطلب من مسؤول المنصة المركزية تجديد الشهادة',
      en: 'have the administrator of the collector renew it',
    },
  },
  tls_not_yet: {
    what: {
      ar: 'لا تبدأ صلاحية الشهادة قبل {from}',
      en: 'the certificate does not count before {from}',
    },
    remedy: { ar: 'اضبط ساعة هذا الجهاز', en: 'set the clock of this host' },
  },
  tls_clock: {
    what: {
      ar: 'الشهادة صالحة، لكن ساعة هذا الجهاز خاطئة؛ الوقت هناك {theirs}',
      en: 'the certificate is right and the clock of this host is wrong; there it is {theirs}',
    },
    remedy: {
      ar: 'اضبط ساعة هذا الجهاز وفعّل مزامنتها',
      en: 'set the clock of this host and let it be synchronised',
    },
  },
  tls_old: {
    what: {
      ar: 'لا يتفق الطرفان على TLS بالإصدار 1.2 أو أحدث',
      en: 'there is no TLS 1.2 or newer',
    },
    remedy: {
      ar: 'حدّث ما يقف أمام المنصة المركزية من خادم أو وسيط',
      en: 'update the server or proxy in front of the collector',
    },
  },
  tls_none: {
    what: { ar: 'ما يجيب هناك لا يستخدم TLS', en: 'what answers there speaks no TLS' },
    remedy: { ar: 'صحح المنفذ في `collector`', en: 'correct the port in `collector`' },
  },
  tls_cut: {
    what: {
      ar: 'قُطع الاتصال أثناء إنشاء الاتصال الآمن',
      en: 'the connection was cut in the TLS handshake',
    },
    remedy: {
      ar: 'اطلب من مسؤول الشبكة ألا يقطع جدار الحماية الاتصال الآمن بهذا العنوان',
      en: 'have the firewall let TLS to this address through',
    },
  },
  tls_silent: {
    what: {
      ar: 'لم يكتمل إنشاء الاتصال الآمن في الوقت المحدد',
      en: 'the TLS handshake did not end in time',
    },
    remedy: {
      ar: 'صحح المنفذ في `collector`، أو اسأل مسؤول الشبكة عمّا يحجز الاتصال',
      en: 'correct the port in `collector`, or ask the network administrator what holds it up',
    },
  },
  tls_failed: {
    what: { ar: 'تعذر إنشاء الاتصال الآمن ({why})', en: 'the TLS handshake failed: {why}' },
    remedy: {
      ar: 'أبلغ مسؤول المنصة المركزية بهذا الرمز',
      en: 'tell the administrator of the collector this code',
    },
  },
  collector_portal: {
    what: {
      ar: 'أجابت صفحة ويب بدل المنصة المركزية (الرمز {status})',
      en: 'a web page answered in place of the collector ({status})',
    },
    remedy: {
      ar: 'سجّل دخول هذا الجهاز في صفحة الشبكة أو الوسيط، أو اطلب استثناءه منها',
      en: 'sign this host in at the portal of the network or proxy, or have it exempted',
    },
  },
  collector_busy: {
    what: {
      ar: 'المنصة المركزية غير متاحة الآن (الرمز {status})',
      en: 'the collector is not available now ({status})',
    },
    remedy: {
      ar: 'انتظر: يعيد برنامج الرصد المحاولة، ولا يضيع شيء',
      en: 'wait: the agent tries again, and nothing is lost',
    },
  },
  collector_other: {
    what: {
      ar: 'ما يجيب هناك ليس المنصة المركزية (الرمز {status})',
      en: 'what answers there is no collector ({status})',
    },
    remedy: { ar: 'صحح `collector` في الملف', en: 'correct `collector` in the file' },
  },
  collector_silent: {
    what: { ar: 'لم يجب {host} عن الطلب', en: '{host} did not answer the request' },
    remedy: {
      ar: 'اسأل مسؤول المنصة المركزية أو الوسيط عن السبب في سجلاته',
      en: 'ask the administrator of the collector or the proxy to look into its log',
    },
  },
  clock_off: {
    what: {
      ar: 'تسبق ساعة هذا الجهاز ساعة المنصة المركزية؛ الفرق بالثواني: {offset}',
      en: "this host's clock is {offset} s ahead of the collector's",
    },
    remedy: {
      ar: 'فعّل مزامنة الوقت على هذا الجهاز',
      en: 'let the clock of this host be synchronised',
    },
  },
  clock_not_told: {
    what: { ar: 'لم تذكر المنصة المركزية وقتها', en: 'the collector does not tell its time' },
    remedy: { ar: 'دع الوسيط يمرر ترويسة `Date`', en: 'let the proxy pass the header `Date`' },
  },
} as const satisfies Record<string, { what: Text; remedy: Text }>
