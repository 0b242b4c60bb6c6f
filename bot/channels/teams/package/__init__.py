"""The app package for Microsoft Teams: a manifest and two icons in a zip.

`MicrosoftTeams.schema.json` is Microsoft's own, version 1.25, unchanged from the npm package
`@microsoft/app-manifest` 1.1.2 (build/json-schemas/teams/v1.25). That package declares MIT and has
no licence file; LICENSE is the one of its predecessor, `@microsoft/teams-manifest` 0.1.9. The icons
are drawn by web/teams_icons.py.
"""
