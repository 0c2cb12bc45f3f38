"""Users, their memberships and sign-in; who may open which view."""
