"""Models of a small shop."""
import decimal
import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


def positive(value):
    if value <= 0:
        raise ValidationError(_("%(value)s is not positive"), params={"value": value})


class OpenManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().filter(state="open")


class Product(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    name = models.CharField(max_length=200)
    price = models.DecimalField(max_digits=9, decimal_places=2, validators=[positive])
    system = models.CharField(max_length=10, choices=[("metric", "metric"), ("imperial", "imperial")])

    class Meta:
        ordering = ["name"]
        verbose_name = _("product")

    def __str__(self):
        return self.name


class Order(models.Model):
    state = models.CharField(max_length=8, default="open")
    created = models.DateTimeField(auto_now_add=True)
    products = models.ManyToManyField(Product, through="Line")

    objects = models.Manager()
    open = OpenManager()

    def total(self):
        return sum((line.cost() for line in self.lines.all()), decimal.Decimal())

    def close(self):
        if not self.lines.exists():
            raise ValidationError(_("an empty order cannot be closed"))
        self.state = "closed"
        self.save(update_fields=["state"])


class Line(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT)
    count = models.PositiveIntegerField(default=1)

    def cost(self):
        return self.product.price * self.count


def summary():
    rows = Order.open.annotate(n=models.Count("lines")).values_list("id", "n")
    return {str(i): n for i, n in rows}
