"""What each picture is called, and when people see it; in the order of the page."""

CAPTIONS = {
    "report-form": ("Reporting a customer", "A rep has typed `/report-abuse Zenith Corp`."),
    "receipt": ("Sent", "In place of the form, at once: what was recorded, and what happens next."),
    "rep-asked": ("The rep's message", "One for each report, kept in step until the end."),
    "customer": ("Before the call", "After `/customer NAME`: how they stand, and what to do."),
    "case": ("A case", "In the management channel: what is asked and by when, who may act, and why."),
    "see-the-case": ("See the case", "Every report in full, and what the policy says."),
    "drop-form": ("Approve drop", "What a manager fills in to drop the customer."),
    "case-decided": ("Decided", "The same notice, afterwards."),
    "rep-decided": ("What the rep hears", "The same message, afterwards."),
    "warning-form": ("Issue warning", "The letter is drafted from the reports."),
    "home": ("The Home of a manager", "What waits for them, oldest deadline first."),
    "director": ("A case that ran out of time", "To each director, as a direct message."),
    "week": ("The week", "Each Monday at nine."),
}
