"""The page of the practice Slack: what a person sees and does, in the browser, as one of the people or as two at once.

Whatever is done on it goes through the same verbs as POST /_mens/<verb>; what it shows comes from the same workspace.
"""
