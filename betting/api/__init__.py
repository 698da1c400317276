"""The API of betting: views, and what they read and answer."""
