const COMMON = {
  "+1": "👍", "-1": "👎", thumbsup: "👍", thumbsdown: "👎", wave: "👋", pray: "🙏", clap: "👏", eyes: "👀", heart: "❤️",
  smile: "😄", slightly_smiling_face: "🙂", blush: "😊", thinking_face: "🤔", disappointed: "😞", cry: "😢", angry: "😠",
  white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", no_entry: "⛔", exclamation: "❗", question: "❓",
  information_source: "ℹ️", bulb: "💡", bell: "🔔", calendar: "📅", clock3: "🕒", hourglass: "⌛", hourglass_flowing_sand: "⏳",
  lock: "🔒", key: "🔑", shield: "🛡️", scales: "⚖️", memo: "📝", pencil: "✏️", clipboard: "📋", page_facing_up: "📄",
  paperclip: "📎", link: "🔗", bar_chart: "📊", chart_with_upwards_trend: "📈", chart_with_downwards_trend: "📉", mag: "🔍",
  telephone_receiver: "📞", phone: "☎️", email: "📧", speech_balloon: "💬", busts_in_silhouette: "👥", house: "🏠", gear: "⚙️",
  red_circle: "🔴", large_orange_circle: "🟠", large_yellow_circle: "🟡", large_green_circle: "🟢", large_blue_circle: "🔵",
  white_circle: "⚪", black_circle: "⚫", arrow_right: "➡️", arrow_up: "⬆️", arrow_down: "⬇️", tada: "🎉", rotating_light: "🚨",
  raised_hand: "✋", handshake: "🤝", umbrella: "☂️", coffee: "☕", star: "⭐", fire: "🔥", wrench: "🔧", hammer: "🔨", ear: "👂",
};

/** The picture that Slack shows for a short name, or undefined for a name not known here. */
export function emojiOf(name) {
  return Object.hasOwn(COMMON, name) ? COMMON[name] : undefined;
}
