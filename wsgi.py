"""The WSGI application, for servers other than `feedback serve`: `wsgi:application`."""

from feedback.bootstrap import open_installation
from feedback.settings import read_settings
from feedback.web import create_app

application = create_app(open_installation(read_settings()))
