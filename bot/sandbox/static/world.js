// The workspace as one person sees it.

const unknown = (id) => ({ id, name: id, real_name: id, title: "", color: "" });

/** The sandbox's state as the page uses it; `now()` is the sandbox's time. */
export function worldOf(state, now) {
  const users = new Map(state.users.map((user) => [user.id, user]));
  const user = (id) => users.get(id) || unknown(id);
  return {
    me: user(state.me),
    team: state.team,
    users,
    user,
    channels: state.channels,
    app: state.app,
    notifications: state.notifications,
    names: {
      now,
      userName: (id) => user(id).real_name,
      channelName: (id) => state.channels.find((channel) => channel.id === id)?.name || id,
      groupName: (id) => groupName(state.groups, id),
    },
  };
}

function groupName(groups, id) {
  const group = groups.find((one) => one.id === id);
  return group ? `@${group.handle}` : `@${id}`;
}
