from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "lms.duties"
    label = "duties"
