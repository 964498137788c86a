// The few sentences that only the browser can say, in both languages of the page.
const zh = {
  minutes: "{m} 分", hours: "{h} 小时", hoursMinutes: "{h} 小时 {m} 分", days: "{d} 天", daysHours: "{d} 天 {h} 小时",
  left: "剩 {t}", late: "超时 {t}",
  liveOn: "实时更新中", liveOff: "实时连接中断，正在重连",
  offline: "连不上服务器，请检查网络后重试。", failed: "服务器出错了，请稍后重试。", denied: "登录已失效或没有权限，请刷新页面。",
  away: "暂时连不上数据库或文件存储，请稍后重试。", full: "服务器存储空间已满，请联系管理员。",
  copied: "已复制", close: "关闭", remove: "移除", kept: "草稿已保存在本机", picked: "已选 {n} 项",
  shrunk: "{a} → {b}", clear: "重写", sign: "请在此处签名", loading: "正在加载…",
  placeSeeking: "正在定位…", placeFound: "已定位，误差约 {m} 米", placeDenied: "浏览器未允许定位", placeNone: "无法获取位置",
  tooLarge: "{name} 超过 {max}，未添加。", noPhoto: "{name} 无法读取，未添加。",
};
type Words = typeof zh;
const en: Words = {
  minutes: "{m} min", hours: "{h} h", hoursMinutes: "{h} h {m} min", days: "{d} d", daysHours: "{d} d {h} h",
  left: "{t} left", late: "{t} late",
  liveOn: "Live", liveOff: "Live connection lost, reconnecting",
  offline: "The server cannot be reached. Check the network and try again.",
  failed: "The server failed. Try again in a moment.",
  denied: "You are signed out or not allowed. Reload the page.",
  away: "The database or the store of files does not answer. Try again in a moment.",
  full: "No room is left on the server. Tell your administrator.",
  copied: "Copied", close: "Close", remove: "Remove", kept: "Draft kept on this device", picked: "{n} selected",
  shrunk: "{a} → {b}", clear: "Clear", sign: "Sign here", loading: "Loading…",
  placeSeeking: "Finding your place…", placeFound: "Place found, to about {m} m",
  placeDenied: "The browser may not use your place", placeNone: "Your place cannot be found",
  tooLarge: "{name} is larger than {max} and was not added.", noPhoto: "{name} could not be read and was not added.",
};

export function say(key: keyof Words, values: Record<string, string | number> = {}): string {
  const words = document.documentElement.lang.startsWith("zh") ? zh : en;
  return words[key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

/** Minutes in words; a clock stays in minutes up to a hundred, as dispatchers speak. */
export function minutesInWords(minutes: number): string {
  if (minutes < 100) return say("minutes", { m: minutes });
  const h = Math.floor(minutes / 60);
  const m = minutes % 60;
  if (h < 48) return m ? say("hoursMinutes", { h, m }) : say("hours", { h });
  const d = Math.floor(h / 24);
  return h % 24 ? say("daysHours", { d, h: h % 24 }) : say("days", { d });
}

export function bytesInWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
