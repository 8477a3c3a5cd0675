"""What a review can be about: the taxonomy of commerce."""

from __future__ import annotations

from enum import StrEnum


class Aspect(StrEnum):
    """The thirteen aspects of a purchase."""

    PRICE = "price"
    QUALITY = "quality"
    DELIVERY = "delivery"
    PACKAGING = "packaging"
    SIZE_FIT = "size_fit"
    DESIGN = "design"
    PERFORMANCE = "performance"
    EASE_OF_USE = "ease_of_use"
    DURABILITY = "durability"
    TASTE_SCENT = "taste_scent"
    CUSTOMER_SERVICE = "customer_service"
    AUTHENTICITY = "authenticity"
    REPURCHASE = "repurchase"


ASPECTS: tuple[Aspect, ...] = tuple(Aspect)

#: What a Korean reader sees.
ASPECTS_KO: dict[Aspect, str] = {
    Aspect.PRICE: "가격",
    Aspect.QUALITY: "품질",
    Aspect.DELIVERY: "배송",
    Aspect.PACKAGING: "포장",
    Aspect.SIZE_FIT: "사이즈·핏",
    Aspect.DESIGN: "디자인·색상",
    Aspect.PERFORMANCE: "성능",
    Aspect.EASE_OF_USE: "사용 편의",
    Aspect.DURABILITY: "내구성",
    Aspect.TASTE_SCENT: "맛·향",
    Aspect.CUSTOMER_SERVICE: "고객 응대",
    Aspect.AUTHENTICITY: "정품 여부",
    Aspect.REPURCHASE: "재구매",
}
