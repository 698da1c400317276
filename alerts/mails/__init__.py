"""Mails: how they are written, kept until they are sent, and given to the mail server once."""
