"""Tells people: one message for an incident, one when it is over, and never a secret in what is written down."""

from defib.alerting.channels import Channels
from defib.alerting.news import Message, Told, news
from defib.alerting.remembered import load, save

__all__ = ["Channels", "Message", "Told", "load", "news", "save"]
